package ai;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Phrases by topic, from a file in the form of {@code /ai/bait-phrases.txt}. */
final class Phrases {

    private final Map<String, Pattern> topics = new LinkedHashMap<>();

    /** @param path on the class path */
    Phrases(String path) {
        Resource.sections(path).forEach((name, lines) -> topics.put(name, pattern(lines)));
    }

    /** In the order of the file. */
    Set<String> topics() {
        return topics.keySet();
    }

    /** How many different phrases of each topic the text holds; topics without any are left out. */
    Map<String, Integer> in(String text) {
        String lower = text.toLowerCase(Locale.ROOT).replace('’', '\'');
        Map<String, Integer> found = new LinkedHashMap<>();
        topics.forEach((topic, phrases) -> {
            int count = (int) phrases.matcher(lower)
                    .results()
                    .map(match -> match.group())
                    .distinct()
                    .count();
            if (count > 0) {
                found.put(topic, count);
            }
        });
        return found;
    }

    /** Looks back once for all phrases: once for each would cost a long text seconds. */
    private static Pattern pattern(List<String> phrases) {
        Map<Boolean, String> alternatives = phrases.stream()
                .collect(Collectors.partitioningBy(
                        Phrases::hasBlanks, Collectors.mapping(Phrases::expression, Collectors.joining("|"))));
        String words = "(?<![\\p{L}\\p{N}])(?:" + alternatives.get(true) + ")";
        String others = alternatives.get(false);
        return Pattern.compile(
                others.isEmpty() ? words : alternatives.get(true).isEmpty() ? others : words + "|" + others);
    }

    /** Chinese and Japanese write no blanks between words. */
    private static boolean hasBlanks(String phrase) {
        return !Character.isIdeographic(phrase.codePointAt(0)) && phrase.codePointAt(0) < 0x3040;
    }

    private static String expression(String phrase) {
        boolean open = phrase.endsWith("*");
        String words = Pattern.quote(open ? phrase.substring(0, phrase.length() - 1) : phrase);
        return open || !hasBlanks(phrase) ? words : words + "(?![\\p{L}\\p{N}])";
    }
}

package ai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Phrases by topic, from a file in the form of {@code /ai/bait-phrases.txt}. */
final class Phrases {

    private final Map<String, Pattern> topics = new LinkedHashMap<>();

    /** @param path on the class path */
    Phrases(String path) {
        Map<String, List<String>> phrases = new LinkedHashMap<>();
        String topic = "";
        for (String line : Resource.lines(path)) {
            if (line.startsWith("[")) {
                topic = line.substring(1, line.length() - 1);
            } else {
                phrases.computeIfAbsent(topic, key -> new ArrayList<>()).add(expression(line));
            }
        }
        phrases.forEach((name, expressions) -> topics.put(name, Pattern.compile(String.join("|", expressions))));
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

    private static String expression(String phrase) {
        boolean open = phrase.endsWith("*");
        String words = Pattern.quote(open ? phrase.substring(0, phrase.length() - 1) : phrase);
        // Chinese and Japanese write no blanks between words.
        if (Character.isIdeographic(phrase.codePointAt(0)) || phrase.codePointAt(0) >= 0x3040) {
            return words;
        }
        return "(?<![\\p{L}\\p{N}])" + words + (open ? "" : "(?![\\p{L}\\p{N}])");
    }
}

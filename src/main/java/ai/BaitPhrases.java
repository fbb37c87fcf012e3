package ai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The phrases of {@code /ai/bait-phrases.txt}: what advertising in comments says, by what it advertises. */
final class BaitPhrases {

    /** The heading of those that push the writer's own pages; every other heading sells something. */
    static final String SELF_PROMOTION = "self-promotion";

    private static final Map<String, Pattern> TOPICS = read();

    private BaitPhrases() {}

    /** How many different phrases of each topic the text holds; topics without any are left out. */
    static Map<String, Integer> in(String text) {
        String lower = text.toLowerCase(Locale.ROOT).replace('’', '\'');
        Map<String, Integer> found = new LinkedHashMap<>();
        TOPICS.forEach((topic, phrases) -> {
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

    private static Map<String, Pattern> read() {
        Map<String, List<String>> phrases = new LinkedHashMap<>();
        String topic = "";
        for (String line : Resource.lines("/ai/bait-phrases.txt")) {
            if (line.startsWith("[")) {
                topic = line.substring(1, line.length() - 1);
            } else {
                phrases.computeIfAbsent(topic, key -> new ArrayList<>()).add(expression(line));
            }
        }
        Map<String, Pattern> topics = new LinkedHashMap<>();
        phrases.forEach((name, expressions) -> topics.put(name, Pattern.compile(String.join("|", expressions))));
        return topics;
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

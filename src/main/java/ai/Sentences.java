package ai;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Takes a text apart into sentences (Unicode UAX #29, as the JDK knows it) and shortens what is too long. */
final class Sentences {

    // "Dr. Jones", "No. 5", "e.g. this", "J. Smith": the full stop ends the abbreviation and not the sentence.
    private static final Pattern ABBREVIATION = Pattern.compile(
            "(^|[\\s(\"'“])(\\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|Sen|Rep|Gov|Gen|Col|Lt|Capt|Rev|Hon|No|Nr|vs|etc|approx"
                    + "|e\\.g|i\\.e|cf|Fig|Vol|pp|Inc|Ltd|Co|Corp|z\\.B|d\\.h|bzw|ca|Mme|Mlle|M|Sra?|Dra|Ing|Abb|Bd)\\.$");
    // The JDK knows the stops of the Latin script; and Chinese and Japanese leave no blank after theirs.
    private static final Pattern LINE_OR_OTHER_STOP = Pattern.compile("\\n|(?<=[。！？｡؟۔।။])(?![。！？｡؟۔।။」』”’）])");
    private static final int LONGEST_TAIL = 12;
    private static final Pattern CLAUSE_END = Pattern.compile("[,;:–—،؛、，；：]\\s*$|\\s[-–—|]\\s*$");

    private Sentences() {}

    /** The sentences of the text in order, each on one line, none blank. */
    static List<String> of(String text, String language) {
        List<String> sentences = new ArrayList<>();
        for (String paragraph : LINE_OR_OTHER_STOP.split(text)) {
            split(paragraph, Locale.forLanguageTag(language), sentences);
        }
        return sentences;
    }

    private static void split(String paragraph, Locale locale, List<String> sentences) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(locale);
        breaks.setText(paragraph);
        int start = 0;
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            String tail = paragraph
                    .substring(Math.max(start, end - LONGEST_TAIL), end)
                    .strip();
            if (end < paragraph.length() && ABBREVIATION.matcher(tail).find()) {
                continue;
            }
            String sentence = paragraph.substring(start, end).strip();
            if (!sentence.isEmpty()) {
                sentences.add(sentence);
            }
            start = end;
        }
    }

    /**
     * The text, or its longest beginning of at most {@code limit} characters (UTF-16 units) that ends with a word; an
     * ellipsis shows that something is missing.
     */
    static String shorten(String text, int limit) {
        return text.length() <= limit ? text : upToWord(text, limit - 1) + "…";
    }

    /** As {@link #shorten}, at the end of a sentence or a line where one ends past the middle. */
    static String beginning(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = lastEnd(text.substring(0, Math.min(text.length(), limit + LONGEST_TAIL)), limit - " …".length());
        return end > limit / 2 ? text.substring(0, end).strip() + " …" : shorten(text, limit);
    }

    private static int lastEnd(String text, int limit) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(text);
        int end = breaks.preceding(limit + 1);
        while (end > 0 && endsWithAbbreviation(text.substring(0, end))) {
            end = breaks.previous();
        }
        int other = LINE_OR_OTHER_STOP
                .matcher(text)
                .results()
                .mapToInt(MatchResult::start)
                .filter(start -> start <= limit)
                .max()
                .orElse(0);
        return Math.max(end, other);
    }

    private static boolean endsWithAbbreviation(String text) {
        String tail = text.substring(Math.max(0, text.length() - LONGEST_TAIL)).strip();
        return ABBREVIATION.matcher(tail).find();
    }

    /** As {@link #shorten}, without the ellipsis, and at the end of a clause when one ends past the middle. */
    static String heading(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        for (int end = limit; end > limit / 2; end--) {
            if (CLAUSE_END.matcher(text.substring(0, end)).find()) {
                return CLAUSE_END.matcher(text.substring(0, end)).replaceAll("").strip();
            }
        }
        return upToWord(text, limit);
    }

    private static String upToWord(String text, int limit) {
        BreakIterator words = BreakIterator.getWordInstance(Locale.ROOT);
        words.setText(text);
        int end = words.isBoundary(limit) ? limit : words.preceding(limit);
        // One word longer than the limit is cut, though never inside a surrogate pair.
        if (end <= limit / 2) {
            end = Character.isLowSurrogate(text.charAt(limit)) ? limit - 1 : limit;
        }
        return text.substring(0, end).replaceAll("[\\s\\p{Ps}\\p{Pi}\\p{Pd},;:]+$", "");
    }
}

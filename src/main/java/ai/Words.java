package ai;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Takes text apart into words (Unicode UAX #29, as the JDK knows it). */
final class Words {

    private Words() {}

    /** What stands between two word boundaries, blanks left out: words, numbers and punctuation, as written. */
    static List<String> tokens(String text, String language) {
        BreakIterator breaks = BreakIterator.getWordInstance(Locale.forLanguageTag(language));
        breaks.setText(text);
        List<String> tokens = new ArrayList<>();
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; start = end, end = breaks.next()) {
            String token = text.substring(start, end);
            if (!token.isBlank()) {
                tokens.add(token);
            }
        }
        return tokens;
    }

    /** The words that mean something, in lower case: no number, no punctuation, none of the language's common words. */
    static List<String> meaningful(String text, String language) {
        Set<String> common = Languages.commonWords(language);
        return tokens(text, language).stream()
                .map(token -> token.toLowerCase(Locale.ROOT))
                .filter(token -> token.length() > 1 && Character.isLetter(token.codePointAt(0)))
                .filter(token -> !common.contains(token))
                .toList();
    }
}

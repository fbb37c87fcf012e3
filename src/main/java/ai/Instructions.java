package ai;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether a text talks to a machine that judges it: by the patterns of {@code /ai/instruction-patterns.txt}, also where it
 * is disguised as a casual reader would not notice, in look-alike letters, wide ones, or with blanks between them.
 */
final class Instructions {

    private static final int CHARACTERS_READ = 4_000;
    /** A letter that looks like a blank. */
    private static final char HANGUL_FILLER = '\u1160';

    private static final List<Pattern> PATTERNS = Resource.lines("/ai/instruction-patterns.txt").stream()
            .map(line -> Pattern.compile(line, Pattern.UNICODE_CHARACTER_CLASS | Pattern.MULTILINE))
            .toList();

    /** No language writes a word with letters of two of these (Unicode TR 39, mixed scripts). */
    private static final Pattern MIXED =
            Pattern.compile("\\p{IsLatin}[\\p{IsCyrillic}\\p{IsGreek}]|[\\p{IsCyrillic}\\p{IsGreek}]\\p{IsLatin}");

    private static final Pattern SPACED =
            Pattern.compile("(?:\\b\\p{L} {1,2}){6}\\p{L}\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern MARKS_OF_LATIN = Pattern.compile("(?<=[a-z])[\\u0300-\\u036F]{1,4}");
    private static final Pattern DIGIT_IN_WORD = Pattern.compile("(?<=[a-z])[013457](?=[a-z])|\\b[013457](?=[a-z]{2})");

    private Instructions() {}

    static boolean in(String text) {
        String beginning = text.substring(0, Math.min(text.length(), CHARACTERS_READ));
        String plain = Normalizer.normalize(beginning, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replace(HANGUL_FILLER, ' ');
        String letters = MARKS_OF_LATIN
                .matcher(Normalizer.normalize(plain, Normalizer.Form.NFD))
                .replaceAll("");
        return MIXED.matcher(plain).find()
                || SPACED.matcher(plain).find()
                || matches(plain)
                || matches(letters)
                || matches(withoutDigits(letters));
    }

    private static boolean matches(String text) {
        return PATTERNS.stream().anyMatch(pattern -> pattern.matcher(text).find());
    }

    /** "1gn0re" is read as "ignore". */
    private static String withoutDigits(String text) {
        return DIGIT_IN_WORD.matcher(text).replaceAll(digit -> switch (digit.group()) {
            case "0" -> "o";
            case "1" -> "i";
            case "3" -> "e";
            case "4" -> "a";
            case "5" -> "s";
            default -> "t";
        });
    }
}

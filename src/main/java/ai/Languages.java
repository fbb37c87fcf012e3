package ai;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells languages by script and by their commonest words, which are known for the languages of {@code languages.txt}. */
final class Languages {

    /** "Undetermined" (ISO 639-2, BCP 47): the text is too short to tell, or in a language not known here. */
    static final String UNKNOWN = "und";

    private static final int CHARACTERS_READ = 4_000;
    private static final Map<String, Set<String>> COMMON_WORDS = read();
    private static final Map<UnicodeScript, String> BY_SCRIPT = Map.of(
            UnicodeScript.HAN, "zh",
            UnicodeScript.HANGUL, "ko",
            UnicodeScript.ARABIC, "ar",
            UnicodeScript.HEBREW, "he",
            UnicodeScript.GREEK, "el",
            UnicodeScript.THAI, "th",
            UnicodeScript.DEVANAGARI, "hi");

    private Languages() {}

    /** The words of a language that carry no meaning of their own, in lower case; none for a language not known. */
    static Set<String> commonWords(String language) {
        return COMMON_WORDS.getOrDefault(primary(language), Set.of());
    }

    /** The ISO 639-1 code of the language of a text, or {@link #UNKNOWN}. */
    static String of(String text) {
        String beginning = text.substring(0, Math.min(text.length(), CHARACTERS_READ));
        Map<UnicodeScript, Integer> scripts = new HashMap<>();
        beginning
                .codePoints()
                .filter(Character::isLetter)
                .forEach(letter -> scripts.merge(UnicodeScript.of(letter), 1, Integer::sum));
        if (scripts.containsKey(UnicodeScript.HIRAGANA) || scripts.containsKey(UnicodeScript.KATAKANA)) {
            return "ja";
        }
        return scripts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> BY_SCRIPT.containsKey(most.getKey())
                        ? dialect(BY_SCRIPT.get(most.getKey()), beginning)
                        : byWords(beginning))
                .orElse(UNKNOWN);
    }

    // Persian and Urdu have letters that Arabic has not.
    private static String dialect(String language, String text) {
        if (!language.equals("ar")) {
            return language;
        }
        boolean urdu = text.chars().anyMatch(c -> "ٹڈڑےں".indexOf(c) >= 0);
        boolean persian = text.chars().anyMatch(c -> "پچژگ".indexOf(c) >= 0);
        return urdu ? "ur" : persian ? "fa" : language;
    }

    private static String byWords(String text) {
        List<String> words = List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}']+"));
        String best = UNKNOWN;
        long most = 0;
        for (Map.Entry<String, Set<String>> language : COMMON_WORDS.entrySet()) {
            long known = words.stream().filter(language.getValue()::contains).count();
            if (known > most) {
                most = known;
                best = language.getKey();
            }
        }
        return best;
    }

    private static String primary(String language) {
        return language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
    }

    private static Map<String, Set<String>> read() {
        Map<String, Set<String>> languages = new LinkedHashMap<>();
        for (String line : Resource.lines("/ai/languages.txt")) {
            String[] parts = line.split(": ", 2);
            languages.put(parts[0], Set.copyOf(new HashSet<>(List.of(parts[1].split(" ")))));
        }
        return languages;
    }
}

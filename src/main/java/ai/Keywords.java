package ai;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Finds what a text is about: its phrases of one to three words, by frequency and by nearness to the whole. */
final class Keywords {

    private static final int LONGEST_PHRASE = 3;
    private static final int MOST_READ = 20;
    private static final int LONGEST = 60;
    private static final double TITLE_BONUS = 1.5;

    /** A phrase as it is written most often, and how often it occurs. */
    private static final class Phrase {
        final Map<String, Integer> spellings = new HashMap<>();
        int count;
        int words;
        double score;

        String spelling() {
            return spellings.entrySet().stream()
                    .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
                    .orElseThrow()
                    .getKey();
        }
    }

    private Keywords() {}

    /**
     * At most {@code limit} phrases, best first, every one as the text or the title spells it.
     *
     * @param centre what the text as a whole means
     */
    static List<String> of(String title, List<String> sentences, String language, float[] centre, int limit) {
        Map<String, Phrase> phrases = new LinkedHashMap<>();
        collect(title, language, phrases);
        Set<String> titled = Set.copyOf(phrases.keySet());
        sentences.forEach(sentence -> collect(sentence, language, phrases));
        phrases.forEach((key, phrase) -> phrase.score =
                phrase.count * (1 + 0.5 * (phrase.words - 1)) + (titled.contains(key) ? TITLE_BONUS : 0));
        List<Phrase> best = phrases.values().stream()
                .filter(phrase -> phrase.words == 1 || phrase.count > 1 || phrases.size() < MOST_READ)
                .sorted(Comparator.comparingDouble((Phrase phrase) -> -phrase.score))
                .limit(MOST_READ)
                .toList();
        weighMeaning(best, centre);
        return distinct(best, limit);
    }

    private static void collect(String text, String language, Map<String, Phrase> phrases) {
        Set<String> common = Languages.commonWords(language);
        List<String> run = new ArrayList<>();
        for (String token : Words.tokens(text, language)) {
            boolean word = Character.isLetter(token.codePointAt(0)) && token.length() > 1;
            if (word && !common.contains(token.toLowerCase(Locale.ROOT))) {
                run.add(token);
            } else {
                addAll(run, phrases);
                run.clear();
            }
        }
        addAll(run, phrases);
    }

    private static void addAll(List<String> run, Map<String, Phrase> phrases) {
        for (int start = 0; start < run.size(); start++) {
            for (int end = start + 1; end <= Math.min(run.size(), start + LONGEST_PHRASE); end++) {
                String spelling = String.join(" ", run.subList(start, end));
                if (spelling.length() > 2 && spelling.length() <= LONGEST || ideographic(spelling)) {
                    Phrase phrase = phrases.computeIfAbsent(spelling.toLowerCase(Locale.ROOT), key -> new Phrase());
                    phrase.spellings.merge(spelling, 1, Integer::sum);
                    phrase.count++;
                    phrase.words = end - start;
                }
            }
        }
    }

    private static boolean ideographic(String text) {
        return Character.isIdeographic(text.codePointAt(0)) && text.length() <= LONGEST;
    }

    private static void weighMeaning(List<Phrase> phrases, float[] centre) {
        float[][] vectors =
                SentenceEmbeddings.of(phrases.stream().map(Phrase::spelling).toList());
        for (int i = 0; i < vectors.length; i++) {
            double nearness = Math.max(0, SentenceEmbeddings.similarity(vectors[i], centre));
            phrases.get(i).score = Math.log1p(phrases.get(i).score) * (0.3 + nearness);
        }
    }

    /** Without those that share a word with a better one: "tax" says nothing beside "income tax". */
    private static List<String> distinct(List<Phrase> phrases, int limit) {
        List<String> chosen = new ArrayList<>();
        List<String> used = new ArrayList<>();
        for (Phrase phrase : phrases.stream()
                .sorted(Comparator.comparingDouble((Phrase p) -> -p.score))
                .toList()) {
            List<String> words =
                    List.of(phrase.spelling().toLowerCase(Locale.ROOT).split(" "));
            boolean repeats = words.stream().anyMatch(word -> used.stream().anyMatch(other -> sameStem(word, other)));
            if (!repeats && chosen.size() < limit) {
                chosen.add(phrase.spelling());
                used.addAll(words);
            }
        }
        return chosen;
    }

    private static boolean sameStem(String one, String other) {
        String shorter = one.length() < other.length() ? one : other;
        String longer = shorter.equals(one) ? other : one;
        return longer.startsWith(shorter) && longer.length() - shorter.length() <= 2;
    }
}

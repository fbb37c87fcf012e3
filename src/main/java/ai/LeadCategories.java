package ai;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a message in a contact form wants: the kind whose examples it resembles most (k nearest neighbours of each kind,
 * by sentence embedding) and whose phrases it uses. The examples are in {@code /ai/lead-examples.txt}, the phrases in
 * {@code /ai/lead-phrases.txt}.
 *
 * <p>Loading it takes a second or two, on first use: a relay that gets no leads does not pay for it.
 */
final class LeadCategories {

    static final String SPAM = "spam";

    /** Chosen by leaving one example out. */
    private static final int NEIGHBOURS = 5;

    private static final double PHRASE = 0.2;
    private static final int MOST_PHRASES = 3;
    /** Draws the scores apart, which differ by some tenths, before they become probabilities. */
    private static final double SHARPNESS = 10;

    private static final Phrases PHRASES = new Phrases("/ai/lead-phrases.txt");

    private LeadCategories() {}

    /**
     * How likely each category is, 0–1, together 1.
     *
     * @param form the name of the form, of which only the phrases count
     * @param text what was written
     */
    static Map<String, Double> of(String form, String text) {
        Map<String, Integer> phrases = phrases(form + "\n" + text);
        float[] vector = SentenceEmbeddings.of(List.of(text))[0];
        Map<String, Double> categories = new LinkedHashMap<>();
        Examples.BY_CATEGORY.forEach((category, examples) -> categories.put(
                category,
                Math.exp(SHARPNESS
                        * (resemblance(vector, examples)
                                + PHRASE * Math.min(MOST_PHRASES, phrases.getOrDefault(category, 0))))));
        double sum =
                categories.values().stream().mapToDouble(Double::doubleValue).sum();
        categories.replaceAll((category, value) -> value / sum);
        return categories;
    }

    /** The phrases alone, by heading. */
    static Map<String, Integer> phrases(String text) {
        Map<String, Integer> phrases = new LinkedHashMap<>(PHRASES.in(text));
        int baits = BaitPhrases.in(text).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        if (baits > 0) {
            phrases.merge(SPAM, baits, Integer::sum);
        }
        return phrases;
    }

    private static double resemblance(float[] vector, float[][] examples) {
        List<Double> similarities = new ArrayList<>();
        for (float[] example : examples) {
            similarities.add(SentenceEmbeddings.similarity(vector, example));
        }
        similarities.sort(Collections.reverseOrder());
        return similarities.stream()
                .limit(NEIGHBOURS)
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    private static final class Examples {
        static final Map<String, float[][]> BY_CATEGORY = read();

        private static Map<String, float[][]> read() {
            Map<String, float[][]> examples = new LinkedHashMap<>();
            Resource.sections("/ai/lead-examples.txt")
                    .forEach((name, lines) -> examples.put(name, SentenceEmbeddings.of(lines)));
            return examples;
        }
    }
}

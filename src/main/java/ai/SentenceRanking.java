package ai;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Ranks the sentences of a text by how much of it they say: how often the text uses their words (as SumBasic does,
 * Nenkova and Vanderwende 2005), how near they are in meaning to all the others, to the title, and to the beginning.
 * A sentence that repeats a chosen one loses rank (maximal marginal relevance, Carbonell and Goldstein 1998).
 */
final class SentenceRanking {

    /** More than this are ranked by their words first; the model reads the best of them. */
    static final int MOST_READ = 60;

    /** What the model reads of one sentence, in characters. */
    private static final int CHARACTERS_READ = 400;

    private static final double WORDS = 1.0;
    private static final double CENTRALITY = 0.5;
    private static final double TITLE = 0.2;
    private static final double POSITION = 0.4;
    private static final double REPETITION = 1.0;
    // A heading, a caption or an interjection: true, but it says little by itself.
    private static final double FRAGMENT = 1.0;
    private static final int FRAGMENT_LENGTH = 50;
    // What stands alone should open the subject and not answer somebody.
    private static final double ALONE_POSITION = 1.5;
    private static final double ALONE_QUOTATION = 2.0;

    private final List<String> sentences;
    private final int[] positions;
    private final float[][] vectors;
    private final double[] scores;
    private final double[] aloneScores;
    private final float[] centre;
    private final int fragment;

    SentenceRanking(String title, List<String> all, String language) {
        double[] words = wordScores(all, language);
        this.positions = best(words);
        this.sentences = IntStream.of(positions).mapToObj(all::get).toList();
        List<String> read = new ArrayList<>(sentences.stream()
                .map(sentence -> sentence.substring(0, Math.min(sentence.length(), CHARACTERS_READ)))
                .toList());
        read.add(title);
        float[][] embedded = SentenceEmbeddings.of(read);
        this.vectors = Arrays.copyOf(embedded, sentences.size());
        this.centre = SentenceEmbeddings.centre(vectors);
        this.fragment = fragmentLength();
        this.scores = scores(words, title.isBlank() ? centre : embedded[sentences.size()]);
        this.aloneScores = aloneScores();
    }

    /** The middle of what the sentences mean. */
    float[] centre() {
        return centre;
    }

    /** The best sentences that fit together into so many characters, blanks between them counted, in the text's order. */
    List<String> within(int limit) {
        return within(limit, scores);
    }

    /** As {@link #within}, of sentences that a reader understands who reads nothing else. */
    List<String> aloneWithin(int limit) {
        return within(limit, aloneScores);
    }

    /** The best sentence to read alone, whatever its length. */
    String best() {
        return sentences.get(IntStream.range(0, aloneScores.length)
                .boxed()
                .max(Comparator.comparingDouble(i -> aloneScores[i]))
                .orElseThrow());
    }

    private List<String> within(int limit, double[] by) {
        List<Integer> left =
                new ArrayList<>(IntStream.range(0, sentences.size()).boxed().toList());
        List<Integer> chosen = new ArrayList<>();
        int room = limit + 1;
        while (!left.isEmpty()) {
            Integer best = left.stream()
                    .max(Comparator.comparingDouble(i -> by[i] - REPETITION * repeats(i, chosen)))
                    .orElseThrow();
            left.remove(best);
            int length = sentences.get(best).length();
            // A fragment is better than nothing, but no use to fill up with.
            if (length < room && (length >= fragment || chosen.isEmpty())) {
                room -= length + 1;
                chosen.add(best);
            }
        }
        return chosen.stream().sorted().map(sentences::get).toList();
    }

    private double repeats(int sentence, List<Integer> chosen) {
        return chosen.stream()
                .mapToDouble(other -> SentenceEmbeddings.similarity(vectors[sentence], vectors[other]))
                .max()
                .orElse(0);
    }

    private double[] scores(double[] words, float[] title) {
        double[] byWords = standard(i -> words[positions[i]]);
        double[] byCentre = standard(i -> SentenceEmbeddings.similarity(vectors[i], centre));
        double[] byTitle = standard(i -> SentenceEmbeddings.similarity(vectors[i], title));
        double[] byPosition = standard(i -> 1 / Math.sqrt(1 + positions[i]));
        return IntStream.range(0, positions.length)
                .mapToDouble(i -> WORDS * byWords[i]
                        + CENTRALITY * byCentre[i]
                        + TITLE * byTitle[i]
                        + POSITION * byPosition[i]
                        - (sentences.get(i).length() < fragment ? FRAGMENT : 0))
                .toArray();
    }

    private double[] aloneScores() {
        double[] byPosition = standard(i -> 1 / Math.sqrt(1 + positions[i]));
        return IntStream.range(0, positions.length)
                .mapToDouble(i -> scores[i]
                        + ALONE_POSITION * byPosition[i]
                        - ("\"'“„«‘".indexOf(sentences.get(i).charAt(0)) >= 0 ? ALONE_QUOTATION : 0))
                .toArray();
    }

    /** Half the usual length of the text's sentences, at most: Chinese says in 20 characters what English says in 60. */
    private int fragmentLength() {
        int[] lengths = sentences.stream().mapToInt(String::length).sorted().toArray();
        return Math.min(FRAGMENT_LENGTH, lengths[lengths.length / 2] / 2);
    }

    /** In units of standard deviations from the mean, so that the weights compare. */
    private double[] standard(IntToDoubleFunction value) {
        double[] values =
                IntStream.range(0, positions.length).mapToDouble(value).toArray();
        double mean = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .average()
                .orElse(0);
        double variance = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.pow(values[i] - mean, 2))
                .average()
                .orElse(0);
        double deviation = Math.sqrt(variance) + 1e-9;
        return IntStream.range(0, values.length)
                .mapToDouble(i -> (values[i] - mean) / deviation)
                .toArray();
    }

    /** For each sentence, how often the text uses the words of it that mean something, on average. */
    private static double[] wordScores(List<String> sentences, String language) {
        List<List<String>> words = sentences.stream()
                .map(sentence -> Words.meaningful(sentence, language))
                .toList();
        Map<String, Integer> frequency = new HashMap<>();
        words.forEach(some -> some.forEach(word -> frequency.merge(word, 1, Integer::sum)));
        return words.stream()
                .mapToDouble(
                        some -> some.stream().mapToInt(frequency::get).average().orElse(0))
                .toArray();
    }

    private static int[] best(double[] words) {
        return IntStream.range(0, words.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -words[i]).thenComparing(i -> i))
                .limit(MOST_READ)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }
}

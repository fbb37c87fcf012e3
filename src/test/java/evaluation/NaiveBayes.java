package evaluation;

import ai.LabelledComment;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The baseline for spam: multinomial naive Bayes on words, with Laplace smoothing; a word not seen says nothing. */
final class NaiveBayes {

    private final Map<String, int[]> counts = new HashMap<>();
    private final int[] words = new int[2];
    private final int[] comments = new int[2];

    NaiveBayes(List<LabelledComment> labelled) {
        for (LabelledComment comment : labelled) {
            int kind = comment.label().equals("spam") ? 1 : 0;
            comments[kind]++;
            for (String word : words(comment.text())) {
                counts.computeIfAbsent(word, key -> new int[2])[kind]++;
                words[kind]++;
            }
        }
    }

    String verdict(String text) {
        double odds = Math.log(comments[1]) - Math.log(comments[0]);
        for (String word : words(text)) {
            int[] count = counts.getOrDefault(word, new int[2]);
            odds += Math.log((count[1] + 1.0) / (words[1] + counts.size()));
            odds -= Math.log((count[0] + 1.0) / (words[0] + counts.size()));
        }
        return odds > 0 ? "spam" : "approve";
    }

    private static String[] words(String text) {
        return text.toLowerCase(Locale.ROOT).strip().split("[^\\p{L}\\p{N}]+");
    }
}

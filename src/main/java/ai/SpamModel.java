package ai;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Logistic regression over a comment's embedding and its {@link CommentFeatures}, with weights learned beforehand.
 *
 * @param source what the weights were learned from
 * @param bias the constant term
 * @param means what is taken from each feature before it is scaled
 * @param scales what each feature is divided by
 * @param features a weight for each feature
 * @param embedding a weight for each dimension of the embedding
 * @param spamFrom the probability from which a comment that shows a sign of advertising is called spam
 * @param spamWithoutSignFrom the same for one that shows none, whose wording alone would have to condemn it
 * @param approveUpTo the probability up to which a comment is approved; between the two it is held
 */
record SpamModel(
        String source,
        double bias,
        double[] means,
        double[] scales,
        double[] features,
        double[] embedding,
        double spamFrom,
        double spamWithoutSignFrom,
        double approveUpTo) {

    /** The weights that the project ships. */
    static SpamModel shipped() {
        return Shipped.MODEL;
    }

    /** How likely the comment is spam, 0–1. */
    double probability(float[] vector, double[] values) {
        double sum = bias + meaning(vector);
        for (int i = 0; i < features.length; i++) {
            sum += features[i] * (values[i] - means[i]) / scales[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** {@code spam}, {@code approve} or, where it is unsure, {@code hold}. */
    String verdict(double probability, boolean suspicious) {
        if (probability >= (suspicious ? spamFrom : spamWithoutSignFrom)) {
            return "spam";
        }
        return probability <= approveUpTo ? "approve" : "hold";
    }

    /** What the wording alone adds to the log-odds: above 0 it resembles the known spam. */
    double meaning(float[] vector) {
        double sum = 0;
        for (int i = 0; i < embedding.length; i++) {
            sum += embedding[i] * vector[i];
        }
        return sum;
    }

    private static final class Shipped {
        static final SpamModel MODEL = read();

        private static SpamModel read() {
            try {
                return new ObjectMapper().readValue(Resource.text("/ai/spam-weights.json"), SpamModel.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

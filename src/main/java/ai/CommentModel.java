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
 */
record CommentModel(
        String source, double bias, double[] means, double[] scales, double[] features, double[] embedding) {

    /** @param path of a JSON file on the class path with the fields of this record */
    static CommentModel read(String path) {
        try {
            return new ObjectMapper().readValue(Resource.text(path), CommentModel.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How likely it is that the comment is of the kind that was learned, 0–1. */
    double probability(float[] vector, CommentFeatures comment) {
        double[] values = comment.values();
        double sum = bias + meaning(vector);
        for (int i = 0; i < features.length; i++) {
            sum += features[i] * (values[i] - means[i]) / scales[i];
        }
        return 1 / (1 + Math.exp(-sum));
    }

    /** What the wording alone adds to the log-odds: above 0 it resembles what was learned. */
    double meaning(float[] vector) {
        double sum = 0;
        for (int i = 0; i < embedding.length; i++) {
            sum += embedding[i] * vector[i];
        }
        return sum;
    }
}

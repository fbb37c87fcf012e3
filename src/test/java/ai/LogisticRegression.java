package ai;

import ai.Relearned.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** L2-regularised logistic regression by accelerated gradient descent (Nesterov 1983); the same input, the same weights. */
final class LogisticRegression {

    private static final String SOURCE =
            "YouTube Spam Collection (Alberto, Lochter, Almeida 2015), UCI Machine Learning"
                    + " Repository, CC BY 4.0; and comments written for this project";

    private static final int STEPS = 600;
    private static final double RATE = 0.5;
    private static final double DECAY_FEATURES = 0.001;
    private static final double DECAY_EMBEDDING = 0.03;
    // The embedding has unit length; drawn out, its dimensions vary about as much as the scaled features.
    private static final double STRETCH = 10;

    private LogisticRegression() {}

    /** @param kind the label of those that are to be told from all others */
    static CommentModel learn(String kind, List<Sample> samples) {
        double[][] values =
                samples.stream().map(sample -> sample.features().values()).toArray(double[][]::new);
        double[] means = each(CommentFeatures.COUNT, i -> mean(values, i, 0, 1));
        double[] scales = each(CommentFeatures.COUNT, i -> Math.sqrt(mean(values, i, round(means[i]), 2)) + 0.001);
        double[][] rows =
                samples.stream().map(sample -> row(sample, means, scales)).toArray(double[][]::new);
        double[] weights = descend(rows, targets(kind, samples), samples);
        double[] features = Arrays.copyOfRange(weights, 1, 1 + means.length);
        double[] embedding = each(SentenceEmbeddings.DIMENSIONS, i -> weights[1 + means.length + i] * STRETCH);
        return new CommentModel(
                SOURCE, round(weights[0]), round(means), round(scales), round(features), round(embedding));
    }

    private static double[] targets(String kind, List<Sample> samples) {
        return samples.stream()
                .mapToDouble(sample -> sample.comment().label().equals(kind) ? 1 : 0)
                .toArray();
    }

    private static double mean(double[][] values, int column, double from, int power) {
        return Arrays.stream(values)
                .mapToDouble(row -> Math.pow(row[column] - from, power))
                .average()
                .orElse(0);
    }

    private static double[] row(Sample sample, double[] means, double[] scales) {
        double[] values = sample.features().values();
        double[] row = new double[1 + means.length + SentenceEmbeddings.DIMENSIONS];
        row[0] = 1;
        for (int i = 0; i < means.length; i++) {
            row[1 + i] = (values[i] - means[i]) / scales[i];
        }
        for (int i = 0; i < SentenceEmbeddings.DIMENSIONS; i++) {
            row[1 + means.length + i] = sample.vector()[i] * STRETCH;
        }
        return row;
    }

    private static double[] descend(double[][] rows, double[] targets, List<Sample> samples) {
        double[] weights = new double[rows[0].length];
        double[] ahead = weights;
        for (int step = 1; step <= STEPS; step++) {
            double[] gradient = gradient(ahead, rows, targets, samples);
            double[] here = ahead;
            double[] before = weights;
            double[] next = each(weights.length, i -> here[i] - RATE * gradient[i]);
            double momentum = (step - 1.0) / (step + 2.0);
            ahead = each(weights.length, i -> next[i] + momentum * (next[i] - before[i]));
            weights = next;
        }
        return weights;
    }

    private static double[] gradient(double[] weights, double[][] rows, double[] targets, List<Sample> samples) {
        double total = samples.stream().mapToDouble(Sample::weight).sum();
        double[] gradient = each(weights.length, i -> decay(i) * weights[i]);
        for (int r = 0; r < rows.length; r++) {
            Sample sample = samples.get(r);
            double probability = 1 / (1 + Math.exp(-dot(weights, rows[r])));
            double error = sample.weight() / total * (probability - targets[r]);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += error * rows[r][i];
            }
        }
        return gradient;
    }

    private static double decay(int weight) {
        if (weight == 0) {
            return 0;
        }
        return weight <= CommentFeatures.COUNT ? DECAY_FEATURES : DECAY_EMBEDDING;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] each(int length, java.util.function.IntToDoubleFunction value) {
        return IntStream.range(0, length).mapToDouble(value).toArray();
    }

    private static double[] round(double[] values) {
        return Arrays.stream(values).map(LogisticRegression::round).toArray();
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}

package chaos;

import java.util.Collection;

/** Over all samples, none estimated: rows are short enough to keep them. */
final class Percentiles {
    private final double[] sorted;

    Percentiles(Collection<Double> samples) {
        this.sorted = samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    /** The nearest-rank percentile: the smallest sample that at least this share of all are not above; 0 of none. */
    double at(double percent) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(percent / 100 * sorted.length);
        return sorted[Math.max(rank, 1) - 1];
    }

    double median() {
        return at(50);
    }

    double max() {
        return at(100);
    }

    int count() {
        return sorted.length;
    }
}

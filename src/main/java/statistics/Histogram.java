package statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long something took, as the number of times that it took up to so many milliseconds: what several relays and several
 * minutes have counted can be added up, and a percentile read from it, to within a step.
 */
enum Histogram {
    /** From a request for an event to its answer. */
    INTAKE("intake_ms_", 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000),

    /** From when an event was received until it was done, with all its tries. */
    DONE(
            "done_ms_",
            10,
            20,
            50,
            100,
            200,
            500,
            1_000,
            2_000,
            5_000,
            10_000,
            30_000,
            60_000,
            300_000,
            900_000,
            3_600_000,
            14_400_000,
            86_400_000);

    private final String prefix;
    private final long[] steps;

    Histogram(String prefix, long... steps) {
        this.prefix = prefix;
        this.steps = steps;
    }

    /** The name under which such a time is counted; what takes longer than the last step is counted with it. */
    String name(long milliseconds) {
        for (long step : steps) {
            if (milliseconds <= step) {
                return prefix + step;
            }
        }
        return prefix + steps[steps.length - 1];
    }

    /**
     * The time that so many of a hundred took at most, in milliseconds, as if they lay evenly within a step.
     *
     * @param counts by name
     * @return null when nothing was counted
     */
    Double percentile(Map<String, Long> counts, int percent) {
        List<Long> numbers = new ArrayList<>();
        for (long step : steps) {
            numbers.add(counts.getOrDefault(prefix + step, 0L));
        }
        double rank = numbers.stream().mapToLong(Long::longValue).sum() * percent / 100.0;
        double below = 0;
        for (int i = 0; i < steps.length; i++) {
            long number = numbers.get(i);
            if (number > 0 && below + number >= rank) {
                long from = i == 0 ? 0 : steps[i - 1];
                return from + (steps[i] - from) * (rank - below) / number;
            }
            below += number;
        }
        return null;
    }
}

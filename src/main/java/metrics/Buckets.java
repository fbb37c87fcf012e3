package metrics;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.DoubleStream;

/**
 * The bounds of histograms. Few, since each of them is a series for each event, outcome and provider, and at places where
 * one wants to know how many were faster: about two or three to a decade, so that a quantile is known to a factor of two
 * or three. (Micrometer's own histogram has 69 in the same range.)
 */
public final class Buckets {
    /** In seconds: from an answer of the intake to an AI that is waited for as long as one may set. */
    private static final double[] MOMENTS = {
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300
    };

    /** In seconds: from an event that meets an idle relay to one that has used all of the usual retries. */
    private static final double[] LIFETIMES = {
        0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14400
    };

    private Buckets() {}

    /** For what somebody waits for: a request, an attempt. */
    public static Timer.Builder timer(String name, String description) {
        return timer(name, description, MOMENTS);
    }

    /** For what may wait for others, or for a later try. */
    public static Timer.Builder lifetime(String name, String description) {
        return timer(name, description, LIFETIMES);
    }

    private static Timer.Builder timer(String name, String description, double[] seconds) {
        Duration[] bounds = DoubleStream.of(seconds)
                .mapToObj(bound -> Duration.ofNanos(
                        Math.round(bound * Duration.ofSeconds(1).toNanos())))
                .toArray(Duration[]::new);
        return Timer.builder(name).description(description).serviceLevelObjectives(bounds);
    }
}

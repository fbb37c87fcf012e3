package events;

import java.time.Duration;

/**
 * How long automations take of late, and so how many events may share a message of the queue. A message costs the broker
 * and the event log about the same for one event as for thirty; but who comes second in it waits for the first. So they
 * share one only where all of them together take moments: an automation that asks an AI has its events one by one.
 */
public final class WorkPace {
    private static final int MOST = 32;
    private static final Duration ALL_TOGETHER = Duration.ofMillis(10);
    /** The weight of one event in the mean: about the last sixty count, and one that takes a second is enough for long. */
    private static final double WEIGHT = 1.0 / 64;

    /** In nanoseconds; long while none is known. */
    private double mean = ALL_TOGETHER.toNanos();

    /** @param worked how long the automation of an event took, however it ended */
    public synchronized void took(Duration worked) {
        mean += WEIGHT * (worked.toNanos() - mean);
    }

    /** From 1 to {@value #MOST}. */
    public synchronized int eventsInAMessage() {
        return (int) Math.max(1, Math.min(MOST, ALL_TOGETHER.toNanos() / Math.max(1, mean)));
    }
}

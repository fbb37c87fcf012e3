package events;

import java.time.Duration;

/**
 * How long automations take of late, and so how many events may share a message of the queue. A message costs the
 * broker and the event log about the same for one event as for thirty; but who comes second in it waits for the
 * first. So they share one only where all of them together take moments, or not much longer while there is enough to
 * do for every worker: where automations ask an AI, each event has its message.
 */
public final class WorkPace {
    private static final int MOST = 32;
    private static final Duration MOMENTS = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMillis(50);
    /**
     * The weight of one event in the mean: about the last sixty count, and one that takes a second is enough for
     * long.
     */
    private static final double WEIGHT = 1.0 / 64;

    /** In nanoseconds; long while none is known. */
    private double mean = LONGEST.toNanos();

    private final int workers;

    /** @param workers how many messages are worked on at once */
    public WorkPace(int workers) {
        this.workers = workers;
    }

    /**
     * @param worked how long the automation of an event took
     * @param isDone whether it came to its end: one that failed at once, or was held back, says nothing of how long
     *     it would have taken
     */
    public synchronized void took(Duration worked, boolean isDone) {
        long nanos = worked.toNanos();
        if (isDone || nanos > mean) {
            mean += WEIGHT * (nanos - mean);
        }
    }

    /**
     * @param waiting how many events are to be put into messages
     * @return from 1 to {@value #MOST}
     */
    public synchronized int eventsInAMessage(int waiting) {
        double inMoments = MOMENTS.toNanos() / Math.max(1, mean);
        double atMost = LONGEST.toNanos() / Math.max(1, mean);
        double forEachWorker = (double) waiting / workers;
        return (int) Math.max(1, Math.min(MOST, Math.max(inMoments, Math.min(atMost, forEachWorker))));
    }
}

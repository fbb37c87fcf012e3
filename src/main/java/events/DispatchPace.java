package events;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * How soon a batch for the queue follows the last one. What comes in goes before what waits: in a burst, when requests
 * want more of the machine than there is, batches are rare. So a burst is recorded faster than it could be worked off,
 * and worked off afterwards; it ends at the latest when there is little room for more of it.
 */
public final class DispatchPace {
    /** What comes in meanwhile goes in one batch, which costs hardly more than one event. */
    static final Duration REST = Duration.ofMillis(20);

    static final int BATCH = 256;

    /** Some 600 events a second: the work goes on beside it. */
    static final Duration REST_IN_A_BURST = Duration.ofMillis(100);

    static final int BATCH_IN_A_BURST = 64;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    /** Of all processors. */
    private static final double BUSY = 0.85;
    /** In events a second. Fewer are worked off beside anything. */
    private static final double BURST = 1000;
    /**
     * By which the rate falls towards that of the last look, while it rises to it at once: work that begins because
     * little came for a moment keeps waiting what comes next, which then looks as if little came.
     */
    private static final double WEIGHT = 0.1;

    private static final double NANOS_A_SECOND = Duration.ofSeconds(1).toNanos();

    private final DoubleSupplier load;
    private final LongSupplier accepted;
    private final BooleanSupplier hasRoom;
    private final LongSupplier nanoTime;

    private long lookedAt;
    private long acceptedThen;
    /** In events a second. */
    private double rate;

    private boolean isBurst;

    /**
     * @param load of the machine since it was asked last, from 0 to 1
     * @param accepted how many events were, ever
     * @param hasRoom whether many more events may wait
     * @param nanoTime a clock that nobody sets
     */
    public DispatchPace(DoubleSupplier load, LongSupplier accepted, BooleanSupplier hasRoom, LongSupplier nanoTime) {
        this.load = load;
        this.accepted = accepted;
        this.hasRoom = hasRoom;
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong();
    }

    /** Whether the next batch is to wait, though there is enough for one. To be asked by one thread. */
    public boolean isBurst() {
        long now = nanoTime.getAsLong();
        if (now - lookedAt >= BETWEEN_LOOKS.toNanos()) {
            long acceptedNow = accepted.getAsLong();
            double last = (acceptedNow - acceptedThen) * NANOS_A_SECOND / (now - lookedAt);
            rate = Math.max(last, rate + WEIGHT * (last - rate));
            isBurst = load.getAsDouble() >= BUSY && rate >= BURST && hasRoom.getAsBoolean();
            lookedAt = now;
            acceptedThen = acceptedNow;
        }
        return isBurst;
    }

    /** How many events there may be in the next batch. */
    public int batch() {
        return isBurst() ? BATCH_IN_A_BURST : BATCH;
    }

    /** Between two batches. */
    public Duration rest() {
        return isBurst() ? REST_IN_A_BURST : REST;
    }
}

package batch;

import events.HeldBack;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * How many batches this relay works on at once: a quarter of the workers, so that single events always find one. The
 * batches that there is no room for take turns with those that are worked on.
 */
final class BatchLanes {
    private static final int WORKERS_A_LANE = 4;
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    /** Longer than whoever was refused waits. */
    private static final Duration TURN = SHORTEST_WAIT.multipliedBy(3);

    private final Semaphore lanes;
    private final Clock clock;
    private volatile Instant latestRefusal = Instant.MIN;

    BatchLanes(int workers, Clock clock) {
        this.lanes = new Semaphore(Math.max(1, workers / WORKERS_A_LANE));
        this.clock = clock;
    }

    /**
     * Takes a lane until the exchange is through.
     *
     * @throws HeldBack when there is none
     */
    void enter(Exchange exchange) {
        if (!lanes.tryAcquire()) {
            latestRefusal = clock.instant();
            long wait = ThreadLocalRandom.current().nextLong(SHORTEST_WAIT.toMillis());
            throw new HeldBack(
                    "waits for its turn, since other batches are worked on",
                    latestRefusal.plus(SHORTEST_WAIT).plusMillis(wait));
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange ended) {
                lanes.release();
            }
        });
    }

    /** When a batch that has just had its turn may come again: at once, unless another waits. */
    Instant next() {
        Instant now = clock.instant();
        return latestRefusal.isAfter(now.minus(TURN)) ? now.plus(TURN) : now;
    }
}

package events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * How many {@link Lengthy} events of a kind this relay works on at once, so that others always find a worker. Those that
 * there is no room for take turns with those that are worked on.
 */
public final class Lanes {
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    /** Longer than whoever was refused waits. */
    private static final Duration TURN = SHORTEST_WAIT.multipliedBy(3);

    private final Semaphore lanes;
    private final String others;
    private final Clock clock;
    private volatile Instant latestRefusal = Instant.MIN;

    /**
     * @param most how many at once
     * @param others what one waits for that is refused, for the operator, such as {@code other batches}
     */
    public Lanes(int most, String others, Clock clock) {
        this.lanes = new Semaphore(most);
        this.others = others;
        this.clock = clock;
    }

    /**
     * Takes a lane until the exchange is through.
     *
     * @throws HeldBack when there is none
     */
    public void enter(Exchange exchange) {
        if (!lanes.tryAcquire()) {
            latestRefusal = clock.instant();
            long wait = ThreadLocalRandom.current().nextLong(SHORTEST_WAIT.toMillis());
            throw new HeldBack(
                    "waits for its turn, since " + others + " are worked on",
                    latestRefusal.plus(SHORTEST_WAIT).plusMillis(wait));
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange ended) {
                lanes.release();
            }
        });
    }

    /** When one that has just had its turn may come again: at once, unless another waits. */
    public Instant next() {
        Instant now = clock.instant();
        return latestRefusal.isAfter(now.minus(TURN)) ? now.plus(TURN) : now;
    }
}

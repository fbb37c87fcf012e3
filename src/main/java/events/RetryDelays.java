package events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.http.base.HttpOperationFailedException;

/** When the next try of a failed event is due: what the server asks for, else the configured delay, with jitter. */
public final class RetryDelays {
    /** Spreads the tries of events that failed together. */
    private static final double JITTER = 0.2;

    private static final long MOST_JITTER_MILLIS = 1000;

    private final List<Duration> delays;
    private final Clock clock;

    public RetryDelays(List<Duration> delays, Clock clock) {
        this.delays = List.copyOf(delays);
        this.clock = clock;
    }

    /** @param retries how many the event has used */
    public boolean isLeft(int retries) {
        return retries < delays.size();
    }

    /** @param retries how many the event has used, fewer than there are */
    public Instant next(int retries, Throwable failure) {
        Instant now = clock.instant();
        HttpOperationFailedException failed = FailureReason.answer(failure);
        if (failed != null) {
            Duration asked = RetryAfter.of(failed, now);
            if (asked != null) {
                return now.plus(asked).plusMillis(ThreadLocalRandom.current().nextLong(MOST_JITTER_MILLIS));
            }
        }
        return now.plus(spread(delays.get(retries)));
    }

    /** How often an event is tried: once, and once more after each delay. */
    public int tries() {
        return delays.size() + 1;
    }

    /** How long all retries of an event take. */
    Duration total() {
        return after(0);
    }

    /**
     * How long the other retries take at least.
     *
     * @param retries how many the event has used
     */
    public Duration after(int retries) {
        return delays.stream().skip(retries).reduce(Duration.ZERO, Duration::plus);
    }

    /** A delay with up to a fifth added. */
    static Duration spread(Duration delay) {
        double factor = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
        return Duration.ofMillis((long) (delay.toMillis() * factor));
    }
}

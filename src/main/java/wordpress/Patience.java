package wordpress;

import events.HeldBack;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.ObjectHelper;

/**
 * How long one server is waited for. A server that answers with an error is quick about it and takes nobody's time; one
 * that is silent holds a worker until the time-out. So half of the workers wait for it at most (Bulkhead), and once half of the
 * latest calls have timed out only one does, now and then (Circuit Breaker). A server that has just answered somebody is
 * asked by all.
 */
public final class Patience {
    /** A WordPress that takes longer is on its way to a time-out. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    private static final int CALLS_WATCHED = 4;
    private static final int CALLS_BEFORE_OPENING = 2;
    private static final int SILENT_PERCENT = 50;
    private static final Duration FIRST_REST = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);

    private final String server;
    private final int mostWaiting;
    private final CircuitBreaker breaker;
    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private volatile Instant heldBackSince;
    private volatile long latestAnswer = System.nanoTime() - SLOW.toNanos();

    /** One request that is under way. */
    public static final class Call {
        private final long start = System.nanoTime();

        private boolean isSlow() {
            return System.nanoTime() - start > SLOW.toNanos();
        }
    }

    /** @param server for the operator, such as {@code site 'default'} */
    public Patience(String server, int workers) {
        this.server = server;
        this.mostWaiting = Math.max(1, workers / 2);
        this.breaker = CircuitBreaker.of(
                server,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(CALLS_WATCHED)
                        .minimumNumberOfCalls(CALLS_BEFORE_OPENING)
                        .failureRateThreshold(SILENT_PERCENT)
                        .recordException(Patience::isSilence)
                        .waitIntervalFunctionInOpenState(
                                IntervalFunction.ofExponentialBackoff(FIRST_REST, 2, LONGEST_REST))
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .build());
    }

    /** @throws HeldBack when enough others wait for the server already */
    public Call begin() {
        if (waiting() >= mostWaiting || !breaker.tryAcquirePermission()) {
            throw heldBack();
        }
        Call call = new Call();
        calls.add(call);
        return call;
    }

    /** Until the server has answered somebody, nobody knows whether it will. */
    private long waiting() {
        boolean isAnswering = System.nanoTime() - latestAnswer < SLOW.toNanos();
        return isAnswering ? calls.stream().filter(Call::isSlow).count() : calls.size();
    }

    /** @param failure null when the server answered as it should */
    public void end(Call call, Throwable failure) {
        calls.remove(call);
        long took = System.nanoTime() - call.start;
        if (failure == null) {
            breaker.onSuccess(took, TimeUnit.NANOSECONDS);
        } else {
            breaker.onError(took, TimeUnit.NANOSECONDS, failure);
        }
        if (!isSilence(failure)) {
            heldBackSince = null;
            latestAnswer = System.nanoTime();
        }
    }

    private HeldBack heldBack() {
        Instant now = Instant.now();
        Instant since = heldBackSince;
        if (since == null) {
            heldBackSince = now;
            since = now;
        }
        return new HeldBack(
                "waits, since " + server + " does not answer in time", HeldBack.until(since, now, SHORTEST));
    }

    private static boolean isSilence(Throwable failure) {
        return ObjectHelper.getException(SocketTimeoutException.class, failure) != null;
    }
}

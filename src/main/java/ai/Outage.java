package ai;

import events.FailureReason;
import events.HeldBack;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.http.base.HttpOperationFailedException;

/** When a provider counts as down. An answer of no use, or a request that it refuses, says nothing of the next one. */
public final class Outage {
    private static final int CALLS_WATCHED = 20;
    private static final int CALLS_BEFORE_OPENING = 5;
    private static final int FAILURES_PERCENT = 50;
    private static final Duration FIRST_REST = Duration.ofSeconds(5);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);
    private static final int TRIALS = 2;

    private final Clock clock;
    private final CircuitBreaker breaker;
    private volatile Throwable latest;
    /** When the circuit breaker opened for the first time since it was closed; null while it is closed. */
    private volatile Instant since;

    /** @param provider its name */
    public Outage(String provider, Clock clock) {
        this.clock = clock;
        this.breaker = breaker(provider);
        breaker.getEventPublisher()
                .onError(error -> latest = error.getThrowable())
                .onStateTransition(change -> {
                    switch (change.getStateTransition().getToState()) {
                        case CLOSED -> since = null;
                        case HALF_OPEN -> {
                            // it is not over yet
                        }
                        default -> since = since == null ? clock.instant() : since;
                    }
                });
    }

    /**
     * Five calls at least, half of them failed, then a rest of five seconds, twice as long each time, half a minute at
     * most. It is not that of Camel's circuitBreaker, which knows one breaker for each place in a route, cannot tell one
     * status from another, and swallows the exceptions that it is told to ignore (ResilienceProcessor, 4.18).
     */
    private static CircuitBreaker breaker(String provider) {
        return CircuitBreaker.of(
                provider,
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(CALLS_WATCHED)
                        .minimumNumberOfCalls(CALLS_BEFORE_OPENING)
                        .failureRateThreshold(FAILURES_PERCENT)
                        .waitIntervalFunctionInOpenState(
                                IntervalFunction.ofExponentialBackoff(FIRST_REST, 2, LONGEST_REST))
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        .ignoreException(failure -> !isOne(failure))
                        .writableStackTraceEnabled(false)
                        .build());
    }

    public CircuitBreaker breaker() {
        return breaker;
    }

    /** Whether the provider is left alone, or only tried now and then. */
    public boolean isOn() {
        return since != null;
    }

    /** What it last failed with, without what may quote an event; empty when it has not. */
    String reasonInShort() {
        return latest == null ? "" : FailureReason.inShort(latest);
    }

    /** Why nobody asks it now. */
    NotAsked notAsked() {
        Instant now = clock.instant();
        Instant began = since;
        return new NotAsked(
                "the AI provider " + breaker.getName() + " is left alone for a while, since it keeps failing: "
                        + (latest == null ? "no answer" : FailureReason.inShort(latest)),
                HeldBack.until(began == null ? now : began, now, FIRST_REST));
    }

    /** No connection, no answer in time, a server's error (5xx), or too many requests (408, 429), however wrapped. */
    static boolean isOne(Throwable failure) {
        if (failure instanceof HttpOperationFailedException answer) {
            return FailureReason.mayPass(answer.getStatusCode());
        }
        return failure instanceof IOException || failure != null && isOne(failure.getCause());
    }
}

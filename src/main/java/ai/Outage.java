package ai;

import events.FailureReason;
import events.HeldBack;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;

/** When a provider counts as down. An answer of no use, or a request that it refuses, says nothing of the next one. */
public class Outage {
    private static final int CALLS_WATCHED = 20;
    private static final int CALLS_BEFORE_OPENING = 5;
    private static final int FAILURES_PERCENT = 50;
    private static final Duration FIRST_REST = Duration.ofSeconds(5);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);
    private static final int TRIALS = 2;

    private final Clock clock;
    private volatile String latest = "no answer";
    /** When the circuit breaker opened for the first time since it was closed; null while it is closed. */
    private volatile Instant since;

    public Outage(Clock clock) {
        this.clock = clock;
    }

    /**
     * The circuit breaker of {@code ask-provider}: five calls at least, half of them failed, then a rest of five seconds,
     * twice as long each time, half a minute at most. It is made here since the options that Camel knows cannot tell one
     * status from another, and since those that say which exceptions to ignore make Camel swallow them
     * (ResilienceProcessor, 4.18).
     */
    public CircuitBreaker breaker() {
        CircuitBreaker breaker = CircuitBreaker.of(
                "ai-provider",
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
        breaker.getEventPublisher()
                .onError(error -> latest = FailureReason.of(cause(error.getThrowable())))
                .onStateTransition(change -> {
                    switch (change.getStateTransition().getToState()) {
                        case OPEN -> since = since == null ? clock.instant() : since;
                        case CLOSED -> since = null;
                        default -> {
                            // half-open: it is not over yet
                        }
                    }
                });
        return breaker;
    }

    /**
     * Throws what Camel's circuit breaker wrapped, so that the failure policy sees the status of the server; or, when it
     * did not let anybody ask, why.
     */
    public void rethrow(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception caught) throws Exception {
        Exception cause = cause(caught);
        throw cause instanceof CallNotPermittedException ? notAsked() : cause;
    }

    private NotAsked notAsked() {
        Instant now = clock.instant();
        Instant began = since;
        return new NotAsked(latest, HeldBack.until(began == null ? now : began, now, FIRST_REST));
    }

    private static Exception cause(Throwable caught) {
        if (caught instanceof RuntimeCamelException && caught.getCause() instanceof Exception cause) {
            return cause;
        }
        return caught instanceof Exception failure ? failure : new RuntimeCamelException(caught);
    }

    /** No connection, no answer in time, a server's error (5xx), or too many requests (408, 429), however wrapped. */
    static boolean isOne(Throwable failure) {
        if (failure instanceof HttpOperationFailedException answer) {
            int status = answer.getStatusCode();
            return status >= 500 || status == 408 || status == 429;
        }
        return failure instanceof IOException || failure != null && isOne(failure.getCause());
    }
}

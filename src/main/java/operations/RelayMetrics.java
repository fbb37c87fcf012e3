package operations;

import events.Event;
import events.Failures;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.TimeUnit;
import metrics.Buckets;
import org.apache.camel.Exchange;
import wordpress.CallBack;

/** What is counted and timed of requests and events (contract, section 7); a label that is not known is {@code none}. */
public final class RelayMetrics {
    /** The exchange property with how long an event was worked on, as a {@link Duration}. */
    public static final String WORKED = "RelayWorked";

    private static final String NONE = "none";
    private static final String OUTCOME = "outcome";

    private final MeterProvider<Counter> events;
    private final MeterProvider<Counter> verified;
    private final Timer ingress;
    private final Timer queue;
    private final MeterProvider<Timer> lifetimes;
    private final MeterProvider<Timer> automations;
    private final MeterProvider<Counter> attempts;
    private final MeterProvider<Counter> replayed;
    private final MeterProvider<Counter> callBacks;
    private final MeterProvider<Timer> callBackTimes;
    private final Counter pruned;

    public RelayMetrics(MeterRegistry registry) {
        events = counter("events", "Requests for events, by what they were answered")
                .withRegistry(registry);
        verified =
                counter("verified", "Requests by the secret that verified them").withRegistry(registry);
        ingress = Buckets.timer("relay.ingress", "How long a request for an event took to be answered")
                .register(registry);
        queue = Buckets.lifetime("relay.queue", "From when an event was received until a worker first took it")
                .register(registry);
        lifetimes = Buckets.lifetime(
                        "relay.event", "From when an event was received until it was done, later tries included")
                .withRegistry(registry);
        automations = Buckets.timer("relay.automation", "How long an attempt at an event took, by what came of it")
                .withRegistry(registry);
        attempts = counter("site.attempts", "Attempts at events of a site, by what came of them")
                .withRegistry(registry);
        replayed = counter("replayed", "Events that had been put back into the outbox, by how they ended")
                .withRegistry(registry);
        callBacks = counter("callbacks", "Results brought to WordPress, by its answer")
                .withRegistry(registry);
        callBackTimes = Buckets.timer("relay.callback", "How long it took to bring a result to WordPress")
                .withRegistry(registry);
        pruned = counter("pruned", "Finished events that were forgotten").register(registry);
    }

    private static Counter.Builder counter(String name, String description) {
        return Counter.builder("relay." + name).description(description);
    }

    /** Counts and times a request to {@code receive-event}, whatever came of it. */
    public void received(Exchange exchange) {
        String site = exchange.getProperty("RelaySite", NONE, String.class);
        String event = exchange.getProperty("RelayEvent", NONE, String.class);
        String outcome = exchange.getProperty("RelayRequestOutcome", NONE, String.class);
        events.withTags("site", site, "event", event, OUTCOME, outcome).increment();
        String keyId = exchange.getProperty("RelayKeyId", String.class);
        if (keyId != null) {
            verified.withTags("site", site, "key", keyId).increment();
        }
        ingress.record(Duration.ofMillis(exchange.getClock().elapsed()));
    }

    /** Counts and times an attempt at an event, whatever came of it: the property {@link #WORKED}. */
    public void processed(Exchange exchange) {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        if (event == null) {
            return;
        }
        String outcome = exchange.getProperty(Failures.OUTCOME, NONE, String.class);
        automations
                .withTags("event", event.event(), OUTCOME, outcome)
                .record(exchange.getProperty(WORKED, Duration.class));
        attempts.withTags("site", event.site(), OUTCOME, outcome).increment();
        travelled(event, outcome);
        calledBack(exchange, "held".equals(outcome));
    }

    /** An event that was put back says nothing of how long events take: it waited to be found. */
    private void travelled(Event event, String outcome) {
        boolean isDone = "done".equals(outcome);
        if (event.replays() > 0) {
            if (isDone || "error".equals(outcome)) {
                replayed.withTags("event", event.event(), OUTCOME, outcome).increment();
            }
            return;
        }
        if (event.attempts() == 1) {
            queue.record(since(event.receivedAt(), event.startedAt().toInstant()));
        }
        if (isDone) {
            lifetimes.withTag("event", event.event()).record(since(event.receivedAt(), Instant.now()));
        }
    }

    /** Another relay may have received it, whose clock is not ours. */
    private static Duration since(OffsetDateTime received, Instant now) {
        Duration since = Duration.between(received.toInstant(), now);
        return since.isNegative() ? Duration.ZERO : since;
    }

    /**
     * Counts a call-back, if there was one, of an event or of a part of one.
     *
     * @param isHeld whether the site was not to be asked
     */
    public void calledBack(Exchange exchange, boolean isHeld) {
        String callBack = exchange.getProperty(CallBack.OUTCOME, String.class);
        if (callBack == null) {
            return;
        }
        callBacks.withTag(OUTCOME, isHeld ? "held" : callBack).increment();
        if (!isHeld) {
            // Of one that failed, until that was written down: some milliseconds too much.
            long until = System.nanoTime() - exchange.getProperty(CallBack.BEGAN, Long.class);
            long took = exchange.getProperty(CallBack.TOOK, until, Long.class);
            callBackTimes.withTag(OUTCOME, callBack).record(took, TimeUnit.NANOSECONDS);
        }
    }

    /** Counts the finished events that a batch of the retention has forgotten. */
    public void pruned(Exchange exchange) {
        pruned.increment(exchange.getMessage().getHeader("CamelJdbcUpdateCount", 0, Integer.class));
    }
}

package operations;

import events.Backlog;
import events.Event;
import events.Failures;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.apache.camel.Exchange;
import org.springframework.dao.DataAccessException;
import wordpress.SitePauses;

/** The relay's own meters (contract, section 6). Times in seconds; a label that is not known is {@code none}. */
public final class RelayMetrics {
    private static final String NONE = "none";
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final MeterRegistry registry;

    public RelayMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Counts and times a request to {@code receive-event}, whatever came of it. */
    public void received(Exchange exchange) {
        registry.counter(
                        "relay.events",
                        "site",
                        exchange.getProperty("RelaySite", NONE, String.class),
                        "event",
                        exchange.getProperty("RelayEvent", NONE, String.class),
                        "outcome",
                        exchange.getProperty("RelayRequestOutcome", NONE, String.class))
                .increment();
        timer("relay.ingress").record(Duration.ofMillis(exchange.getClock().elapsed()));
    }

    /** Times an attempt at an event, whatever came of it. */
    public void processed(Exchange exchange) {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        if (event == null) {
            return;
        }
        timer(
                        "relay.automation",
                        "event",
                        event.event(),
                        "outcome",
                        exchange.getProperty(Failures.OUTCOME, NONE, String.class))
                .record(Duration.ofMillis(exchange.getClock().elapsed()));
        String callBack = exchange.getProperty("RelayCallBackOutcome", String.class);
        if (callBack != null) {
            boolean isHeld = "held".equals(exchange.getProperty(Failures.OUTCOME));
            registry.counter("relay.callbacks", "outcome", isHeld ? "held" : callBack)
                    .increment();
        }
    }

    /** Counts the finished events that a batch of the retention has forgotten. */
    public void pruned(Exchange exchange) {
        registry.counter("relay.pruned")
                .increment(exchange.getMessage().getHeader("CamelJdbcUpdateCount", 0, Integer.class));
    }

    /** Counts what a provider is asked, by its circuit breaker. */
    public void watch(String provider, CircuitBreaker breaker) {
        breaker.getEventPublisher()
                .onSuccess(event -> asked(provider, "answered"))
                .onError(event -> asked(provider, "failed"))
                .onIgnoredError(event -> asked(provider, "unusable"))
                .onCallNotPermitted(event -> asked(provider, "refused"));
    }

    private void asked(String provider, String outcome) {
        registry.counter("relay.ai.requests", "provider", provider, "outcome", outcome)
                .increment();
    }

    /** Shows what waits; read when somebody looks. */
    public void watch(Backlog backlog) {
        gauge("relay.outbox.depth", backlog, Backlog::outboxDepth);
        gauge("relay.outbox.oldest.seconds", backlog, Backlog::outboxOldestSeconds);
        gauge("relay.queue.depth", backlog, Backlog::queueDepth);
        gauge("relay.dead.letters", backlog, Backlog::deadLetters);
    }

    /** Shows whether a site's call-backs are paused, since it refuses our credentials: 1 or 0. */
    public void watch(String site, SitePauses pauses) {
        Gauge.builder("relay.site.paused", pauses, known -> paused(known, site))
                .tag("site", site)
                .strongReference(true)
                .register(registry);
    }

    private static double paused(SitePauses pauses, String site) {
        try {
            return pauses.isPaused(site) ? 1 : 0;
        } catch (DataAccessException e) {
            return Double.NaN;
        }
    }

    private void gauge(String name, Backlog backlog, ToDoubleFunction<Backlog> value) {
        Gauge.builder(name, backlog, value).strongReference(true).register(registry);
    }

    private Timer timer(String name, String... tags) {
        return Timer.builder(name)
                .tags(tags)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }
}

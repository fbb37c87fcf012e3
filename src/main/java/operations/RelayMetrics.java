package operations;

import ai.Budget;
import contact.ContactGauges;
import events.Backlog;
import events.Event;
import events.Failures;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.apache.camel.Exchange;
import org.springframework.dao.DataAccessException;
import wordpress.SitePauses;

/** The relay's own meters (contract, section 7). Times in seconds; a label that is not known is {@code none}. */
public final class RelayMetrics {
    /** The exchange property with how long an event was worked on, as a {@link Duration}. */
    public static final String WORKED = "RelayWorked";

    private static final String NONE = "none";
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final MeterRegistry registry;
    private final MeterProvider<Counter> events;
    private final MeterProvider<Counter> verified;
    private final Timer ingress;
    private final MeterProvider<Timer> automations;
    private final MeterProvider<Counter> callBacks;

    public RelayMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.events = Counter.builder("relay.events").withRegistry(registry);
        this.verified = Counter.builder("relay.verified").withRegistry(registry);
        this.ingress = timer("relay.ingress").register(registry);
        this.automations = timer("relay.automation").withRegistry(registry);
        this.callBacks = Counter.builder("relay.callbacks").withRegistry(registry);
    }

    /** Counts and times a request to {@code receive-event}, whatever came of it. */
    public void received(Exchange exchange) {
        events.withTags(
                        "site",
                        exchange.getProperty("RelaySite", NONE, String.class),
                        "event",
                        exchange.getProperty("RelayEvent", NONE, String.class),
                        "outcome",
                        exchange.getProperty("RelayRequestOutcome", NONE, String.class))
                .increment();
        String keyId = exchange.getProperty("RelayKeyId", String.class);
        if (keyId != null) {
            verified.withTags("site", exchange.getProperty("RelaySite", NONE, String.class), "key", keyId)
                    .increment();
        }
        ingress.record(Duration.ofMillis(exchange.getClock().elapsed()));
    }

    /** Times an attempt at an event, whatever came of it: the property {@link #WORKED}. */
    public void processed(Exchange exchange) {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        if (event == null) {
            return;
        }
        automations
                .withTags("event", event.event(), "outcome", exchange.getProperty(Failures.OUTCOME, NONE, String.class))
                .record(exchange.getProperty(WORKED, Duration.class));
        calledBack(exchange, "held".equals(exchange.getProperty(Failures.OUTCOME)));
    }

    /**
     * Counts a call-back, if there was one, of an event or of a part of one.
     *
     * @param isHeld whether the site was not to be asked
     */
    public void calledBack(Exchange exchange, boolean isHeld) {
        String callBack = exchange.getProperty("RelayCallBackOutcome", String.class);
        if (callBack != null) {
            callBacks.withTag("outcome", isHeld ? "held" : callBack).increment();
        }
    }

    /** Counts the finished events that a batch of the retention has forgotten. */
    public void pruned(Exchange exchange) {
        registry.counter("relay.pruned")
                .increment(exchange.getMessage().getHeader("CamelJdbcUpdateCount", 0, Integer.class));
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

    /** Shows how many events of a site are missing, and for how long nothing was heard of it. */
    public void watch(String site, ContactGauges contacts) {
        Gauge.builder("relay.events.missing", contacts, known -> known.missing(site))
                .tag("site", site)
                .strongReference(true)
                .register(registry);
        Gauge.builder("relay.site.silent.seconds", contacts, known -> known.silentSeconds(site))
                .tag("site", site)
                .strongReference(true)
                .register(registry);
    }

    /** Shows what is left of today's budgets of a site, and of all sites, in tokens; for those that have a cap. */
    public void watch(String site, Budget budget) {
        for (String scope : budget.scopeNames(site)) {
            Gauge.builder("relay.ai.budget.left", budget, known -> known.left(site, scope))
                    .tags("scope", scope, "site", scope.startsWith("total") ? NONE : site)
                    .strongReference(true)
                    .register(registry);
        }
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

    private static Timer.Builder timer(String name) {
        return Timer.builder(name)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST);
    }
}

package metrics;

import events.WaitingEvents.Now;
import events.WaitingEvents.OfSite;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What waits for all relays on one database: each of them says the same. Not a number while the database is away. */
public final class BacklogGauges {
    private static final String OLDEST = "relay.backlog.oldest.seconds";
    private static final String OLDEST_SAYS = "Since when the oldest event has been due, or in a worker's hands;"
            + " how long ago the oldest was received that waits for a later try";

    private final MeterRegistry registry;
    private final Sampler<Now> waiting;

    public BacklogGauges(MeterRegistry registry, Sampler<Now> waiting) {
        this.registry = registry;
        this.waiting = waiting;
        gauge("relay.outbox.depth", "Events that are recorded and not yet in the queue", Now::outbox);
        gauge("relay.outbox.oldest.seconds", "How long the oldest of them has been waiting", Now::outboxSeconds);
        gauge(
                "relay.queue.depth",
                "Events in the queue: worked on, waiting for their turn or for a later try",
                BacklogGauges::queued);
        gauge("relay.dead.letters", "Events that failed for good and that somebody may replay", now -> now.ofAll()
                .dead());
        gauge("relay.dead.letters.oldest.seconds", "How long ago the first of them failed for good", Now::deadSeconds);
        oldest("due", Now::dueSeconds);
        oldest("later", Now::laterSeconds);
        oldest("processing", Now::processingSeconds);
    }

    /** For gauges of a site. */
    public double ofSite(String site, ToDoubleFunction<OfSite> value) {
        return value(now -> value.applyAsDouble(now.ofSite(site)));
    }

    private static double queued(Now now) {
        return Math.max(0, now.ofAll().unfinished() - now.outbox());
    }

    private void oldest(String state, ToDoubleFunction<Now> value) {
        Gauge.builder(OLDEST, () -> value(value))
                .description(OLDEST_SAYS)
                .tag("state", state)
                .register(registry);
    }

    private void gauge(String name, String description, ToDoubleFunction<Now> value) {
        Gauge.builder(name, () -> value(value)).description(description).register(registry);
    }

    private double value(ToDoubleFunction<Now> value) {
        return waiting.latest().map(value::applyAsDouble).orElse(Double.NaN);
    }
}

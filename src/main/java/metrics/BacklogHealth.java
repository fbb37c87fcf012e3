package metrics;

import events.WaitingEvents.Now;
import events.WaitingEvents.OfSite;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Shows what waits, for who has no Prometheus at hand. It is never down: a relay whose broker is away takes events all the
 * same, and they wait in the outbox.
 */
public final class BacklogHealth extends AbstractHealthCheck {
    private final Sampler<Now> waiting;

    public BacklogHealth(Sampler<Now> waiting) {
        super("relay", "backlog");
        this.waiting = waiting;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.message(waiting.latest().map(BacklogHealth::inWords).orElse("not known"))
                .up();
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    private static String inWords(Now now) {
        OfSite all = now.ofAll();
        Optional<String> outbox = Optional.of(now.outbox())
                .filter(number -> number > 0)
                .map(number ->
                        "; %d not in the queue yet, the oldest for %.0f s".formatted(number, now.outboxSeconds()));
        return "%d due, the oldest for %.0f s; %d worked on; %d for a later try; %d dead"
                        .formatted(all.due(), now.dueSeconds(), all.processing(), all.later(), all.dead())
                + outbox.orElse("");
    }
}

package statistics;

import events.Event;
import events.Failures;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Set;
import org.apache.camel.Exchange;

/** Counts what became of requests and events, for {@link Overview}. */
public final class EventCounts {
    static final String ACCEPTED = "accepted";
    static final String DUPLICATE = "duplicate";
    static final String REJECTED = "rejected";
    static final String PUT_OFF = "put_off";
    static final String DONE = "done";
    static final String RETRIED = "retried";
    static final String FAILED = "failed";

    /** Answers after which the sender comes again: 429 and 503. */
    private static final Set<String> LATER = Set.of("busy", "too_many_requests", "unavailable");

    private static final String NO_EVENT = "ping";

    private final MinuteCounts counts;
    private final Clock clock;

    public EventCounts(MinuteCounts counts, Clock clock) {
        this.counts = counts;
        this.clock = clock;
    }

    /** A request to {@code receive-event}, whatever came of it. */
    public void received(Exchange exchange) {
        String outcome = exchange.getProperty("RelayRequestOutcome", NO_EVENT, String.class);
        if (!outcome.equals(NO_EVENT)) {
            String answered = answered(outcome);
            boolean isOfSite = !answered.equals(PUT_OFF); // Nobody looks at that by site.
            counts.count(isOfSite ? exchange.getProperty("RelaySite", String.class) : null, answered);
            counts.count(Histogram.INTAKE, exchange.getClock().elapsed());
        }
    }

    private static String answered(String outcome) {
        if (outcome.equals(ACCEPTED) || outcome.equals(DUPLICATE)) {
            return outcome;
        }
        return LATER.contains(outcome) ? PUT_OFF : REJECTED;
    }

    /** An attempt at an event, if it ended it or another follows. */
    public void processed(Exchange exchange) {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        String outcome = exchange.getProperty(Failures.OUTCOME, "", String.class);
        if (event == null) {
            return;
        }
        switch (outcome) {
            case "done" -> {
                counts.count(event.site(), DONE);
                // One that was put back says nothing of how long events take: it waited to be found.
                if (event.replays() == 0) {
                    Duration since = Duration.between(event.receivedAt(), OffsetDateTime.now(clock));
                    counts.count(Histogram.DONE, Math.max(0, since.toMillis()));
                }
            }
            case "retry" -> counts.count(null, RETRIED);
            case "error" -> counts.count(event.site(), FAILED);
            default -> {} // It goes on, or waits: nothing that an operator counts.
        }
    }
}

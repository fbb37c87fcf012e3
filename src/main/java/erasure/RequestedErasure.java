package erasure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Erasures;
import events.Event;
import events.Failures;
import events.Lanes;
import events.PermanentFailure;
import events.Unfinished;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/**
 * What the route erase-requested does: of the events of the site that asks for it, those of the person are erased. An
 * attempt goes on for some seconds, and the next where it has been: that is in the event's result, until it has one. An
 * attempt that is made twice erases nothing twice, since what is erased is not looked at again.
 */
public final class RequestedErasure {
    /** So that an event log of millions takes no worker for minutes. */
    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(5);

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final String AFTER = "after";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PersonErasure erasure;

    /** One at a time: a site may ask for many, and each looks through all that there is of the site. */
    private final Lanes lanes;

    /** How far it is. @param after the last event that was looked at, or null */
    private record Progress(int erased, int unknown, UUID after) {
        Progress with(PersonErasure.Page page) {
            return new Progress(erased + counted(page), unknown + page.unknown(), page.last());
        }

        /** But for requests to erase: they say nothing of the person, and are emptied as they end. */
        private static int counted(PersonErasure.Page page) {
            return (int) page.events().stream()
                    .filter(event -> !event.event().equals(Erasures.EVENT))
                    .count();
        }

        Map<String, Object> counts() {
            Map<String, Object> counts = new LinkedHashMap<>();
            counts.put("erased", erased);
            counts.put("unknown", unknown);
            return counts;
        }
    }

    public RequestedErasure(PersonErasure erasure, Clock clock) {
        this.erasure = erasure;
        this.lanes = new Lanes(1, "other requests to erase", clock);
    }

    /**
     * In: the event. Out: how many events were erased, and of how many it is not known whether they are of the person.
     *
     * @throws Unfinished when there is more to look through
     * @throws events.HeldBack when another is worked on
     */
    public void erase(Exchange exchange) throws JsonProcessingException {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        String sha256 = String.valueOf(exchange.getMessage().getBody(Map.class).get("email_sha256"));
        if (!SHA256.matcher(sha256).matches()) { // which a schema of the user's own may let pass
            throw new PermanentFailure("email_sha256 is not 64 digits of lower-case hex");
        }
        lanes.enter(exchange);
        long end = System.nanoTime() + LONGEST_ATTEMPT.toNanos();
        Progress progress = begun(event);
        do {
            progress = progress.with(erasure.next(sha256, event.site(), progress.after(), false));
        } while (progress.after() != null && System.nanoTime() < end);
        if (progress.after() != null) {
            Map<String, Object> soFar = progress.counts();
            soFar.put(AFTER, progress.after());
            throw new Unfinished(null, JSON.writeValueAsString(soFar), lanes.next());
        }
        exchange.getMessage().setBody(progress.counts());
    }

    private static Progress begun(Event event) throws JsonProcessingException {
        JsonNode result = JSON.readTree(event.result() == null ? "{}" : event.result());
        return result.has(AFTER)
                ? new Progress(
                        result.path("erased").asInt(),
                        result.path("unknown").asInt(),
                        UUID.fromString(result.path(AFTER).asText()))
                : new Progress(0, 0, null);
    }
}

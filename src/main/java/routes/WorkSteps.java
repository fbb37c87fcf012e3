package routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.AttemptLog;
import events.ClaimCheck;
import events.Claims;
import events.Event;
import events.EventLogHealth;
import events.Failures;
import events.PermanentFailure;
import events.Suspicion;
import ingress.Normalizer;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the route process-event does around an automation. */
final class WorkSteps {
    /** The exchange property with the normalized event, for steps that come after its body was replaced. */
    static final String PAYLOAD = "RelayPayload";

    private static final Logger LOG = LoggerFactory.getLogger(WorkSteps.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Claims claims;
    private final AttemptLog attempts;
    private final Failures failures;
    private final EventLogHealth health;
    private final Clock clock = Clock.systemUTC();

    private WorkSteps(Claims claims, AttemptLog attempts, Failures failures, EventLogHealth health) {
        this.claims = claims;
        this.attempts = attempts;
        this.failures = failures;
        this.health = health;
    }

    static WorkSteps of(CamelContext context) {
        return new WorkSteps(
                context.getRegistry().findSingleByType(Claims.class),
                context.getRegistry().findSingleByType(AttemptLog.class),
                context.getRegistry().findSingleByType(Failures.class),
                context.getRegistry().findSingleByType(EventLogHealth.class));
    }

    /**
     * In: a message with the event's id. Out: the normalized event as a Map and the headers {@code RelayId},
     * {@code RelaySite}, {@code RelayEvent}, {@code RelayKey}, no other; a null body when there is nothing to do.
     */
    void claim(Exchange exchange) {
        Message message = exchange.getMessage();
        UUID id = eventId(message);
        Integer replays = message.getHeader(ClaimCheck.REPLAYS, Integer.class);
        boolean isDeadLetter = message.getHeader(Failures.REASON) != null;
        Optional<Event> claimed =
                health.use(() -> isDeadLetter ? claims.claimDeadLetter(id) : claims.claim(id, replays));
        failures.eventLogIsThere();
        int excused = message.getHeader(Failures.EXCUSED, 0, Integer.class);
        exchange.setProperty(Failures.HANDED_BACK, message.getHeader(Failures.HANDED_BACK, 0, Integer.class));
        exchange.setProperty(Failures.EXCUSED, excused);
        exchange.setProperty(Failures.HELD_SINCE, message.getHeader(Failures.HELD_SINCE, Long.class));
        message.removeHeaders("*");
        if (claimed.isEmpty()) {
            message.setBody(null);
            return;
        }
        Event event = claimed.get();
        exchange.setProperty(Failures.EVENT, event);
        Suspicion.check(event.unended() - excused, clock.instant());
        Map<String, Object> payload = Normalizer.normalize(event.payload());
        exchange.setProperty(PAYLOAD, payload);
        message.setHeader("RelayId", event.id().toString());
        message.setHeader("RelaySite", event.site());
        message.setHeader("RelayEvent", event.event());
        message.setHeader("RelayKey", event.key());
        message.setBody(payload);
    }

    /** Whatever else somebody put into the queue would come back for ever: it goes to the dead letters as it is. */
    private static UUID eventId(Message message) {
        try {
            return UUID.fromString(message.getBody(String.class));
        } catch (RuntimeException e) {
            throw new PermanentFailure("a message in relay.events does not hold the id of an event");
        }
    }

    /** In: what the automation left as body, and what WordPress answered as the header {@code RelayCallBack}. */
    void finish(Exchange exchange) throws JsonProcessingException {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        Message message = exchange.getMessage();
        String callBack = message.getHeader("RelayCallBack", String.class);
        String result = JSON.writeValueAsString(message.getBody());
        if (result.length() > AttemptLog.LONGEST_RESULT) {
            throw new PermanentFailure("the result is longer than " + AttemptLog.LONGEST_RESULT + " characters");
        }
        boolean isRecorded = attempts.finish(event, result, callBack);
        exchange.setProperty(Failures.OUTCOME, isRecorded ? "done" : "superseded");
        LOG.info(
                "{} {} {}; WordPress: {}",
                event.event(),
                event.key(),
                isRecorded ? "is done" : "was taken over by another worker",
                callBack == null ? "not asked" : callBack);
    }
}

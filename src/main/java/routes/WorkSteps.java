package routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.AttemptLog;
import events.ClaimCheck;
import events.Claims;
import events.Event;
import events.EventLogHealth;
import events.Failures;
import events.HeldBack;
import events.Lengthy;
import events.PermanentFailure;
import events.PersonalFields;
import events.Suspicion;
import events.WorkPace;
import ingress.EncryptedFields;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import logging.EventInHand;
import operations.RelayMetrics;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.Registry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import statistics.EventCounts;
import tracing.MessageTraces;
import tracing.RouteSpans;

/** What the routes process-event and work-on-event do around an automation. */
final class WorkSteps {
    /** The exchange property with the normalized event, for steps that come after its body was replaced. */
    static final String PAYLOAD = "RelayPayload";

    /** The exchange property with the {@link Taken} message. */
    private static final String TAKEN = "RelayTaken";
    /** The exchange property that is there while a message's events are worked on. */
    private static final String IS_WORKED_ON = "RelayIsWorkedOn";
    /** The exchange property with when work on an event began, in nanoseconds of the JVM's clock. */
    private static final String BEGAN = "RelayBegan";

    /**
     * For the events of a message together; WorkPace, which knows the mean of all automations and sites, means them to
     * take moments. Who is not begun by then does not wait for the others any longer.
     */
    private static final Duration LONGEST_TOGETHER = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(WorkSteps.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Claims claims;
    private final AttemptLog attempts;
    private final Failures failures;
    private final EventLogHealth health;
    private final RelayMetrics metrics;
    private final EventCounts counts;
    private final WorkPace pace;
    private final EncryptedFields encryptedFields;
    private final RouteSpans spans;
    private final Clock clock = Clock.systemUTC();

    /**
     * A message whose events are claimed.
     *
     * @param replays as the message has it
     * @param isAlone whether there is one event, so that its end waits for no other's
     * @param since when they were claimed, in nanoseconds of the JVM's clock
     * @param ended what came to its end and is not recorded yet
     */
    private record Taken(Integer replays, boolean isAlone, long since, List<Ended> ended) {
        boolean takesTooLong() {
            return !isAlone && System.nanoTime() - since > LONGEST_TOGETHER.toNanos();
        }
    }

    /** An event that came to its end, with the exchange in which it did. */
    private record Ended(AttemptLog.End end, Exchange exchange) {}

    private WorkSteps(Registry registry) {
        this.claims = registry.findSingleByType(Claims.class);
        this.attempts = registry.findSingleByType(AttemptLog.class);
        this.failures = registry.findSingleByType(Failures.class);
        this.health = registry.findSingleByType(EventLogHealth.class);
        this.metrics = registry.findSingleByType(RelayMetrics.class);
        this.counts = registry.findSingleByType(EventCounts.class);
        this.pace = registry.findSingleByType(WorkPace.class);
        this.encryptedFields = registry.findSingleByType(EncryptedFields.class);
        this.spans = registry.findSingleByType(RouteSpans.class);
    }

    static WorkSteps of(CamelContext context) {
        return new WorkSteps(context.getRegistry());
    }

    /** In: a message with ids of events. Out: those that there is something to do for, as a list, and no header. */
    void claim(Exchange exchange) {
        Message message = exchange.getMessage();
        List<UUID> ids = eventIds(message);
        Integer replays = message.getHeader(ClaimCheck.REPLAYS, Integer.class);
        boolean isDeadLetter = message.getHeader(Failures.REASON) != null;
        List<Event> claimed = health.use(
                () -> isDeadLetter ? claims.claimDeadLetter(ids.get(0)).stream().toList() : claims.claim(ids, replays));
        failures.eventLogIsThere();
        exchange.setProperty(Failures.HANDED_BACK, message.getHeader(Failures.HANDED_BACK, 0, Integer.class));
        exchange.setProperty(Failures.EXCUSED, message.getHeader(Failures.EXCUSED, 0, Integer.class));
        exchange.setProperty(Failures.HELD_SINCE, message.getHeader(Failures.HELD_SINCE, Long.class));
        exchange.setProperty(TAKEN, new Taken(replays, claimed.size() == 1, System.nanoTime(), new ArrayList<>()));
        exchange.setProperty(IS_WORKED_ON, true);
        MessageTraces.keep(exchange);
        message.removeHeaders("*");
        message.setBody(claimed);
    }

    /**
     * Whether what failed is the claim or the record of the ends, and not an event: that failure-policy has decided
     * of, and if it could not, the broker keeps the message.
     */
    boolean isOfTheMessage(Exchange exchange) {
        return exchange.getProperty(IS_WORKED_ON) == null;
    }

    /** Whatever else somebody put into the queue would come back for ever: it goes to the dead letters as it is. */
    private static List<UUID> eventIds(Message message) {
        try {
            return ClaimCheck.ids(message.getBody(String.class));
        } catch (RuntimeException e) {
            throw new PermanentFailure("a message in relay.events does not hold the id of an event");
        }
    }

    /**
     * When ends cannot be recorded: makes it a message of their events, since the others have messages of their own.
     */
    void restore(Exchange exchange) {
        Taken taken = exchange.getProperty(TAKEN, Taken.class);
        if (taken != null) {
            taken.ended().forEach(ended -> spans.recorded(ended.exchange()));
            Message message = exchange.getMessage();
            message.setHeader(ClaimCheck.REPLAYS, taken.replays());
            message.setHeader(Failures.EXCUSED, exchange.getProperty(Failures.EXCUSED, 0, Integer.class) + 1);
            message.setBody(ClaimCheck.body(
                    taken.ended().stream().map(ended -> ended.end().claimed().id())));
        }
    }

    /**
     * In: a claimed event. Out: the normalized event as a Map, its encrypted fields in clear, and the headers {@code RelayId}, {@code RelaySite},
     * {@code RelayEvent}, {@code RelayKey}, no other.
     */
    void begin(Exchange exchange) {
        Message message = exchange.getMessage();
        Event event = message.getBody(Event.class);
        exchange.setProperty(BEGAN, System.nanoTime());
        exchange.setProperty(Failures.EVENT, event);
        if (exchange.getProperty(TAKEN, Taken.class).takesTooLong()) {
            throw new HeldBack("those that it shared a message with took long", clock.instant());
        }
        Suspicion.check(event.unended() - exchange.getProperty(Failures.EXCUSED, 0, Integer.class), clock.instant());
        EncryptedFields.Opened opened = encryptedFields.open(event.event(), event.payload());
        Map<String, Object> payload = opened.event();
        exchange.setProperty(PersonalFields.PROPERTY, opened.personal());
        exchange.setProperty(PAYLOAD, payload);
        message.setHeader("RelayId", event.id().toString());
        message.setHeader("RelaySite", event.site());
        message.setHeader("RelayEvent", event.event());
        message.setHeader("RelayKey", event.key());
        message.setBody(payload);
    }

    /**
     * In: what the automation left as body, and what WordPress answered as the header {@code RelayCallBack}. It is
     * recorded now, or with the ends of the other events of its message.
     */
    void end(Exchange exchange) throws JsonProcessingException {
        Event event = exchange.getProperty(Failures.EVENT, Event.class);
        Taken taken = exchange.getProperty(TAKEN, Taken.class);
        Message message = exchange.getMessage();
        String callBack = message.getHeader("RelayCallBack", String.class);
        if (callBack != null && callBack.length() > AttemptLog.LONGEST_CALL_BACK) {
            throw new PermanentFailure(
                    "the header RelayCallBack is longer than " + AttemptLog.LONGEST_CALL_BACK + " characters");
        }
        // A route that does nothing leaves the event itself, with what came encrypted in clear.
        String result = JSON.writeValueAsString(PersonalFields.of(exchange).maskResult(message.getBody()));
        if (result.length() > AttemptLog.LONGEST_RESULT) {
            throw new PermanentFailure("the result is longer than " + AttemptLog.LONGEST_RESULT + " characters");
        }
        measure(exchange, true);
        if (taken.isAlone()) {
            ended(exchange, attempts.finish(event, result, callBack), event, callBack);
        } else {
            taken.ended().add(new Ended(new AttemptLog.End(event, result, callBack), exchange));
        }
    }

    /** Records which events of the message are done, unless that has been. */
    void finish(Exchange exchange) {
        exchange.removeProperty(IS_WORKED_ON);
        Taken taken = exchange.getProperty(TAKEN, Taken.class);
        if (taken.ended().isEmpty()) {
            return;
        }
        List<Boolean> recorded =
                attempts.finish(taken.ended().stream().map(Ended::end).toList());
        for (int i = 0; i < recorded.size(); i++) {
            Ended ended = taken.ended().get(i);
            ended(
                    ended.exchange(),
                    recorded.get(i),
                    ended.end().claimed(),
                    ended.end().callBack());
            metrics.processed(ended.exchange());
            counts.processed(ended.exchange());
        }
    }

    private void ended(Exchange exchange, boolean isRecorded, Event event, String callBack) {
        exchange.setProperty(Failures.OUTCOME, isRecorded ? "done" : "superseded");
        spans.recorded(exchange);
        try (EventInHand.Scope inHand = EventInHand.of(event)) {
            LOG.info(
                    "{} {} {}; WordPress: {}",
                    event.event(),
                    event.key(),
                    isRecorded ? "is done" : "was taken over by another worker",
                    callBack == null ? "not asked" : callBack);
        }
    }

    /** Takes the time of the work on an event that has not come to its end. */
    void measure(Exchange exchange) {
        measure(exchange, false);
    }

    private void measure(Exchange exchange, boolean isDone) {
        if (exchange.getProperty(RelayMetrics.WORKED) == null) {
            Duration worked = Duration.ofNanos(System.nanoTime() - exchange.getProperty(BEGAN, Long.class));
            exchange.setProperty(RelayMetrics.WORKED, worked);
            // What is lengthy says nothing of how long others take: it never shares a message with them.
            if (!Lengthy.is(exchange.getProperty(Failures.EVENT, Event.class).event())) {
                pace.took(worked, isDone);
            }
        }
    }
}

package events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a failed attempt leads to, in the event log and in the message that takes its place. The failed event is in the
 * exchange property {@link #EVENT}, the failure where Camel puts it.
 */
public final class Failures {
    /** The exchange property with the {@link Event} of this attempt. */
    public static final String EVENT = "RelayClaimed";
    /** The exchange property with what came of the attempt: {@code done}, {@code retry} or {@code error}. */
    public static final String OUTCOME = "RelayOutcome";

    /** Epoch milliseconds before which Artemis does not deliver the message. */
    private static final String DELIVER_AT = "_AMQ_SCHED_DELIVERY";

    /** Spreads the retries of events that failed together. */
    private static final double JITTER = 0.2;

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final EventLog eventLog;
    private final List<Duration> retryDelays;
    private final Clock clock;
    private final UnaryOperator<String> redact;

    /** @param redact takes secrets out of a text that comes from elsewhere */
    public Failures(EventLog eventLog, List<Duration> retryDelays, Clock clock, UnaryOperator<String> redact) {
        this.eventLog = eventLog;
        this.retryDelays = List.copyOf(retryDelays);
        this.clock = clock;
        this.redact = redact;
    }

    /** For routes: whether a later try is left. */
    public boolean hasRetryLeft(Exchange exchange) {
        return event(exchange).retries() < retryDelays.size();
    }

    /** Out: the message to send to the queue again, to be delivered when the next try is due. */
    public void scheduleRetry(Exchange exchange) {
        Event event = event(exchange);
        String reason = reason(exchange);
        Instant due = clock.instant().plus(delay(exchange, event.retries()));
        eventLog.retryLater(event.id(), reason);
        exchange.setProperty(OUTCOME, "retry");
        LOG.warn(
                "{} {} failed at attempt {}, next at {}: {}",
                event.event(),
                event.key(),
                event.attempts(),
                due,
                reason);
        claimCheck(exchange, event).setHeader(DELIVER_AT, due.toEpochMilli());
    }

    /** Out: the message to send to the dead letters; one that belongs to no event stays as it is. */
    public void giveUp(Exchange exchange) {
        Event event = event(exchange);
        String reason = reason(exchange);
        if (event == null) {
            LOG.error("A message is a dead letter: {}", reason);
            exchange.getMessage().setHeader("RelayReason", reason);
            return;
        }
        eventLog.giveUp(event.id(), reason);
        exchange.setProperty(OUTCOME, "error");
        LOG.error("{} {} is a dead letter after {} attempts: {}", event.event(), event.key(), event.attempts(), reason);
        claimCheck(exchange, event).setHeader("RelayReason", reason);
    }

    /** Only what finds the event: headers of an automation (credentials among them) do not go into a queue. */
    private static Message claimCheck(Exchange exchange, Event event) {
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        message.setHeader("RelayId", event.id().toString());
        message.setHeader("RelaySite", event.site());
        message.setHeader("RelayKey", event.key());
        message.setHeader("RelayEvent", event.event());
        message.setBody(event.id().toString());
        return message;
    }

    private Duration delay(Exchange exchange, int retries) {
        if (exception(exchange) instanceof HttpOperationFailedException failed) {
            Duration asked = RetryAfter.of(failed, clock.instant());
            if (asked != null) {
                return asked;
            }
        }
        double factor = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
        return Duration.ofMillis((long) (retryDelays.get(retries).toMillis() * factor));
    }

    private String reason(Exchange exchange) {
        return redact.apply(FailureReason.of(exception(exchange)));
    }

    private static Throwable exception(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }

    private static Event event(Exchange exchange) {
        return exchange.getProperty(EVENT, Event.class);
    }
}

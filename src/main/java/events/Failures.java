package events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.TransactionException;

/**
 * What a failed attempt leads to, in the event log and in the message that takes its place. The failed event is in the
 * exchange property {@link #EVENT}, the failure where Camel puts it.
 */
public final class Failures {
    /** The exchange property with the {@link Event} of this attempt. */
    public static final String EVENT = "RelayClaimed";
    /** The exchange property with what came of the attempt: {@code done}, {@code retry} or {@code error}. */
    public static final String OUTCOME = "RelayOutcome";

    /** The header by which a dead letter is known, and that says why it is one. */
    public static final String REASON = "RelayReason";

    /** Epoch milliseconds before which Artemis does not deliver the message. */
    private static final String DELIVER_AT = "_AMQ_SCHED_DELIVERY";

    /** Where a dead letter came from: this is where Artemis' own "retry" puts it back (QueueImpl.retryMessages). */
    private static final String ORIGINAL_ADDRESS = "_AMQ_ORIG_ADDRESS";

    private static final String ORIGINAL_QUEUE = "_AMQ_ORIG_QUEUE";
    private static final String WORK_QUEUE = "relay.events";

    /** Spreads the retries of events that failed together. */
    private static final double JITTER = 0.2;

    private static final long MOST_JITTER_MILLIS = 1000;
    private static final int LONGEST_REASON = 800;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\s]+");

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

    /** For routes: whether it is the event log that failed, so that nothing can be written down. */
    public boolean isEventLogAway(Exchange exchange) {
        for (Throwable cause = exception(exchange); cause != null; cause = cause.getCause()) {
            if (cause instanceof DataIntegrityViolationException) {
                return false; // It is there and does not take this.
            }
            if (cause instanceof DataAccessException || cause instanceof TransactionException) {
                return true;
            }
        }
        return false;
    }

    /** For routes: whether a later try is left. */
    public boolean hasRetryLeft(Exchange exchange) {
        Event event = event(exchange);
        return event != null && event.retries() < retryDelays.size();
    }

    /** Out: the message to send to the queue again, to be delivered when the next try is due. */
    public void scheduleRetry(Exchange exchange) {
        Event event = event(exchange);
        String reason = reason(exchange);
        Instant due = clock.instant().plus(delay(exchange, event.retries()));
        if (isOver(exchange, eventLog.retryLater(event, reason), "retry")) {
            return;
        }
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
            giveUpMessage(exchange, reason);
            return;
        }
        if (isOver(exchange, eventLog.giveUp(event, reason), "error")) {
            return;
        }
        LOG.error("{} {} is a dead letter after {} attempts: {}", event.event(), event.key(), event.attempts(), reason);
        Message message = claimCheck(exchange, event);
        message.setHeader(REASON, reason);
        message.setHeader(ORIGINAL_ADDRESS, WORK_QUEUE);
        message.setHeader(ORIGINAL_QUEUE, WORK_QUEUE);
    }

    /** An attempt that another worker has taken over since has no say any more: its message goes without a successor. */
    private static boolean isOver(Exchange exchange, boolean isRecorded, String outcome) {
        exchange.setProperty(OUTCOME, isRecorded ? outcome : "superseded");
        return !isRecorded;
    }

    private static void giveUpMessage(Exchange exchange, String reason) {
        LOG.error("A message is a dead letter: {}", reason);
        Message message = exchange.getMessage();
        message.removeHeaders("*", "Relay*");
        message.setHeader(REASON, reason);
        message.setBody("not an event");
        exchange.setProperty(OUTCOME, "error");
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
                return asked.plusMillis(ThreadLocalRandom.current().nextLong(MOST_JITTER_MILLIS));
            }
        }
        double factor = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
        return Duration.ofMillis((long) (retryDelays.get(retries).toMillis() * factor));
    }

    private String reason(Exchange exchange) {
        // Redacted before it is cut: half a secret at the cut would not be known as one.
        String reason = redact.apply(FailureReason.of(exception(exchange)));
        String line = UNPRINTABLE.matcher(reason).replaceAll(" ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
    }

    private static Throwable exception(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }

    private static Event event(Exchange exchange) {
        return exchange.getProperty(EVENT, Event.class);
    }
}

package events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a failed attempt leads to, in the event log and in the message that takes its place. The failed event is in the
 * exchange property {@link #EVENT}, the failure where Camel puts it.
 */
public final class Failures {
    /** The exchange property with the {@link Event} of this attempt. */
    public static final String EVENT = "RelayClaimed";
    /**
     * The exchange property with what came of the attempt: {@code done}, {@code continued}, {@code retry}, {@code error},
     * {@code held}, {@code handed_back} or {@code superseded}.
     */
    public static final String OUTCOME = "RelayOutcome";

    /** The header by which a dead letter is known, and that says why it is one. */
    public static final String REASON = "RelayReason";

    /** How often a message was handed back in a row: a header, since the event log is away; once claimed, a property. */
    public static final String HANDED_BACK = "RelayHandedBack";

    /** How many of its claims {@link Suspicion} does not count, since they were handed back: as {@link #HANDED_BACK}. */
    public static final String EXCUSED = "RelayExcused";

    /**
     * Since when an event is held back that may not be for ever, in epoch milliseconds: a header, once claimed a
     * property.
     */
    public static final String HELD_SINCE = "RelayHeldSince";

    private static final Duration SHORTEST_HAND_BACK = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 3;
    /** Where a dead letter came from: this is where Artemis' own "retry" puts it back (QueueImpl.retryMessages). */
    private static final String ORIGINAL_ADDRESS = "_AMQ_ORIG_ADDRESS";

    private static final String ORIGINAL_QUEUE = "_AMQ_ORIG_QUEUE";
    private static final String WORK_QUEUE = "relay.events";

    private static final int LONGEST_REASON = 800;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\s]+");

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final AttemptLog attempts;
    private final RetryDelays retryDelays;
    private final Clock clock;
    private final UnaryOperator<String> redact;
    private final AtomicBoolean isAwayKnown = new AtomicBoolean();

    /** @param redact takes secrets out of a text that comes from elsewhere */
    public Failures(AttemptLog attempts, RetryDelays retryDelays, Clock clock, UnaryOperator<String> redact) {
        this.attempts = attempts;
        this.retryDelays = retryDelays;
        this.clock = clock;
        this.redact = redact;
    }

    /** For routes: whether it is the event log that failed, so that nothing can be written down. */
    public boolean isEventLogAway(Exchange exchange) {
        return EventLogHealth.isAway(exception(exchange));
    }

    /** For routes: whether a later try is left. */
    public boolean hasRetryLeft(Exchange exchange) {
        Event event = event(exchange);
        return event != null && retryDelays.isLeft(event.retries());
    }

    /** Whether a server asks to come again within so long a time, and the event has a try left. */
    public boolean isAskedToWait(Exchange exchange, Duration longest) {
        HttpOperationFailedException answer = FailureReason.answer(exception(exchange));
        Duration asked = answer == null ? null : RetryAfter.of(answer, clock.instant());
        return asked != null && asked.compareTo(longest) <= 0 && hasRetryLeft(exchange);
    }

    /** Out: the message to send to the queue again, to be delivered when the next try is due. */
    public void scheduleRetry(Exchange exchange) {
        Event event = event(exchange);
        String reason = reason(exchange);
        Instant due = retryDelays.next(event.retries(), exception(exchange));
        if (isOver(exchange, attempts.retryLater(event, due, reason), "retry")) {
            return;
        }
        LOG.warn(
                "{} {} failed at attempt {}, next at {}: {}",
                event.event(),
                event.key(),
                event.attempts(),
                due,
                shortReason(exchange));
        ClaimCheck.write(exchange.getMessage(), event);
        ClaimCheck.deliverAt(exchange.getMessage(), due);
    }

    /** Out: the message to send to the queue again, with which the event goes on where this attempt left it. */
    public void goOn(Exchange exchange) {
        Event event = event(exchange);
        Unfinished unfinished = ObjectHelper.getException(Unfinished.class, exception(exchange));
        boolean isRecorded = attempts.goOn(event, unfinished.due(), unfinished.progress(), unfinished.getMessage());
        if (isOver(exchange, isRecorded, "continued")) {
            return;
        }
        LOG.debug("{} {} goes on at {}: {}", event.event(), event.key(), unfinished.due(), unfinished.progress());
        ClaimCheck.write(exchange.getMessage(), event);
        if (unfinished.due().isAfter(clock.instant())) {
            ClaimCheck.deliverAt(exchange.getMessage(), unfinished.due());
        }
    }

    /**
     * For routes: whether an event that is held back has been for as long as all of its retries would have lasted, or need
     * not wait at all since nothing comes of it.
     */
    public boolean hasWaitedForTooLong(Exchange exchange) {
        HeldBack held = held(exchange);
        Instant last = heldSince(exchange).plus(retryDelays.total());
        return held.isInVain() || !held.mayWaitForEver() && clock.instant().isAfter(last);
    }

    /** Out: the message to send to the queue again, to be delivered when {@link HeldBack} says; no retry is used up. */
    public void holdBack(Exchange exchange) {
        Event event = event(exchange);
        HeldBack held = held(exchange);
        Instant until = held.until();
        String reason = readable(held.getMessage());
        if (isOver(exchange, attempts.holdBack(event, until, reason, held.unended()), "held")) {
            return;
        }
        LOG.debug("{} {} waits until {}", event.event(), event.key(), until);
        ClaimCheck.write(exchange.getMessage(), event);
        ClaimCheck.deliverAt(exchange.getMessage(), until);
        if (!held.mayWaitForEver()) {
            exchange.getMessage().setHeader(HELD_SINCE, heldSince(exchange).toEpochMilli());
        }
    }

    private static HeldBack held(Exchange exchange) {
        return ObjectHelper.getException(HeldBack.class, exception(exchange));
    }

    /** Since when the event has been held back without a try in between; now, if it has not. */
    public Instant heldSince(Exchange exchange) {
        Long since = exchange.getProperty(HELD_SINCE, Long.class);
        return since == null ? clock.instant() : Instant.ofEpochMilli(since);
    }

    /**
     * Out: the message to send to the queue again while nothing can be written down, to be delivered in a second, then
     * two, four and eight. A broker of somebody else's may give a message back at once, and drop it after ten times.
     */
    public void handBack(Exchange exchange) {
        Message message = exchange.getMessage();
        int times = message.getHeader(HANDED_BACK, exchange.getProperty(HANDED_BACK, 0, Integer.class), Integer.class);
        int excused = message.getHeader(EXCUSED, exchange.getProperty(EXCUSED, 0, Integer.class), Integer.class);
        Event event = event(exchange);
        if (event == null) {
            message.removeHeaders("*", "Relay*");
        } else {
            ClaimCheck.write(message, event);
        }
        message.setHeader(HANDED_BACK, Math.min(times + 1, MOST_DOUBLINGS));
        message.setHeader(EXCUSED, event == null ? excused : excused + 1);
        if (exchange.getProperty(HELD_SINCE) != null) {
            message.setHeader(HELD_SINCE, exchange.getProperty(HELD_SINCE));
        }
        ClaimCheck.deliverAt(
                message, clock.instant().plus(RetryDelays.spread(SHORTEST_HAND_BACK.multipliedBy(1L << times))));
        exchange.setProperty(OUTCOME, "handed_back");
        if (isAwayKnown.compareAndSet(false, true)) {
            LOG.warn("Events wait in the queue, since the event log cannot be used: {}", reason(exchange));
        }
    }

    /** To be told when the event log was used: the next time that it is away is worth a line again. */
    public void eventLogIsThere() {
        if (isAwayKnown.compareAndSet(true, false)) {
            LOG.info("Events are worked on again");
        }
    }

    /** Out: the message to send to the dead letters; one that belongs to no event stays as it is. */
    public void giveUp(Exchange exchange) {
        Event event = event(exchange);
        String reason = reason(exchange);
        if (event == null) {
            giveUpMessage(exchange, reason);
            return;
        }
        if (isOver(exchange, attempts.giveUp(event, reason), "error")) {
            return;
        }
        String shortReason = shortReason(exchange);
        LOG.error(
                "{} {} is a dead letter, at attempt {}: {} (bin/relay show {} says more, bin/relay replay {} tries again)",
                event.event(),
                event.key(),
                event.attempts(),
                shortReason,
                event.key(),
                event.key());
        Message message = exchange.getMessage();
        ClaimCheck.write(message, event);
        message.setHeader(REASON, shortReason);
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

    private String reason(Exchange exchange) {
        return readable(PersonalFields.of(exchange).mask(FailureReason.of(exception(exchange))));
    }

    /**
     * Why something failed, without what may repeat the event, such as what a server answered: for the log and the broker,
     * out of which nothing can be erased, and for others than the operator.
     */
    public String shortReason(Exchange exchange) {
        return readable(PersonalFields.of(exchange).mask(FailureReason.inShort(exception(exchange))));
    }

    private String readable(String reason) {
        // Redacted before it is cut: half a secret at the cut would not be known as one.
        String line = UNPRINTABLE.matcher(redact.apply(reason)).replaceAll(" ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
    }

    private static Throwable exception(Exchange exchange) {
        return exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    }

    private static Event event(Exchange exchange) {
        return exchange.getProperty(EVENT, Event.class);
    }
}

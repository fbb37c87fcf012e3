package events;

import java.time.Instant;
import java.util.UUID;
import org.apache.camel.Message;

/**
 * The message that stands for an event in a queue (Claim Check): enough to find the event, and to see in a console what
 * it is. Its payload stays in the event log. Not to be taken for a claim of {@link Claims}.
 */
public final class ClaimCheck {
    /** The header with how often the event had been replayed when the message was sent. */
    public static final String REPLAYS = "RelayReplays";

    /** Epoch milliseconds before which Artemis does not deliver the message. */
    private static final String DELIVER_AT = "_AMQ_SCHED_DELIVERY";

    private ClaimCheck() {}

    /** As it goes to the queue for the first time, or again after a replay. */
    public static void write(Message message, QueuedEvent event) {
        write(message, event.id(), event.site(), event.key(), event.event(), event.replays());
        message.setHeader("_AMQ_DUPL_ID", event.duplicateId());
    }

    /** As it goes back to the queue, or to the dead letters. */
    static void write(Message message, Event event) {
        write(message, event.id(), event.site(), event.key(), event.event(), event.replays());
    }

    /** Leaves nothing else in the message: headers of an automation (credentials among them) do not go into a queue. */
    private static void write(Message message, UUID id, String site, String key, String event, int replays) {
        message.removeHeaders("*");
        message.setHeader("RelayId", id.toString());
        message.setHeader("RelaySite", site);
        message.setHeader("RelayKey", key);
        message.setHeader("RelayEvent", event);
        message.setHeader(REPLAYS, replays);
        message.setBody(id.toString());
    }

    static void deliverAt(Message message, Instant due) {
        message.setHeader(DELIVER_AT, due.toEpochMilli());
    }
}

package events;

import java.time.Instant;
import java.util.UUID;
import org.apache.camel.Message;

/**
 * The message that stands for an event in a queue (Claim Check): enough to find the event, and to see in a console what
 * it is. Its payload stays in the event log.
 */
public final class ClaimCheck {
    /** Epoch milliseconds before which Artemis does not deliver the message. */
    private static final String DELIVER_AT = "_AMQ_SCHED_DELIVERY";

    private ClaimCheck() {}

    /** Leaves nothing else in the message: headers of an automation (credentials among them) do not go into a queue. */
    public static void write(Message message, UUID id, String site, String key, String event) {
        message.removeHeaders("*");
        message.setHeader("RelayId", id.toString());
        message.setHeader("RelaySite", site);
        message.setHeader("RelayKey", key);
        message.setHeader("RelayEvent", event);
        message.setBody(id.toString());
    }

    static void write(Message message, Event event) {
        write(message, event.id(), event.site(), event.key(), event.event());
    }

    static void deliverAt(Message message, Instant due) {
        message.setHeader(DELIVER_AT, due.toEpochMilli());
    }
}

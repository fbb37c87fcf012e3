package events;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Message;

/**
 * The message that stands for an event in a queue (Claim Check): enough to find the event, and to see in a console what
 * it is. Its payload stays in the event log. Events that take moments share a message ({@link WorkPace}): its body is
 * their ids, a line each. Not to be taken for a claim of {@link Claims}.
 */
public final class ClaimCheck {
    /** The header with how often the event had been replayed when the message was sent. */
    public static final String REPLAYS = "RelayReplays";

    /** The header with how many events share the message, where they do. */
    private static final String EVENTS = "RelayEvents";

    /** Epoch milliseconds before which Artemis does not deliver the message. */
    private static final String DELIVER_AT = "_AMQ_SCHED_DELIVERY";

    private static final String DUPLICATE_ID = "_AMQ_DUPL_ID";

    private ClaimCheck() {}

    /**
     * As they go to the queue for the first time, or again after a replay.
     *
     * @param events one or more that have been replayed equally often
     */
    public static void write(Message message, List<QueuedEvent> events) {
        QueuedEvent first = events.get(0);
        if (events.size() == 1) {
            write(message, first.id(), first.site(), first.key(), first.event(), first.replays());
            message.setHeader(DUPLICATE_ID, first.duplicateId());
            return;
        }
        String ids = body(events.stream().map(QueuedEvent::id));
        message.removeHeaders("*");
        message.setHeader(EVENTS, events.size());
        message.setHeader(REPLAYS, first.replays());
        message.setBody(ids);
        // Of exactly these events: another message may have some of them, and is another.
        UUID all = UUID.nameUUIDFromBytes(ids.getBytes(StandardCharsets.US_ASCII));
        message.setHeader(DUPLICATE_ID, all + "/" + first.replays());
    }

    /** Of a message that stands for these events. */
    public static String body(Stream<UUID> ids) {
        return ids.map(UUID::toString).collect(Collectors.joining("\n"));
    }

    /**
     * The ids of the events that a message stands for.
     *
     * @throws IllegalArgumentException when it stands for none: whoever sent it, it was not the relay
     */
    public static List<UUID> ids(String body) {
        List<UUID> ids = body.lines().map(UUID::fromString).distinct().toList();
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("an empty message");
        }
        return ids;
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

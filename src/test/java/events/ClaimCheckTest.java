package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimCheckTest {
    private final Message message = new DefaultMessage(new DefaultCamelContext());

    private static QueuedEvent event(int replays) {
        return new QueuedEvent(EventLog.nextId(), "site", "key", "post.published", replays, null);
    }

    private Object duplicateId(QueuedEvent... events) {
        ClaimCheck.write(message, List.of(events));
        return message.getHeader("_AMQ_DUPL_ID");
    }

    @Test
    void events_that_share_a_message_are_found_in_it() {
        QueuedEvent first = event(2);
        QueuedEvent second = event(2);
        message.setHeader("Authorization", "Basic hunter2");

        Object duplicateId = duplicateId(first, second);

        assertEquals(List.of(first.id(), second.id()), ClaimCheck.ids(message.getBody(String.class)));
        assertEquals(Map.of("RelayEvents", 2, "RelayReplays", 2, "_AMQ_DUPL_ID", duplicateId), message.getHeaders());
    }

    @Test
    void the_broker_knows_a_message_by_exactly_its_events() {
        QueuedEvent first = event(0);
        QueuedEvent second = event(0);
        QueuedEvent third = event(0);
        Object known = duplicateId(first, second);
        assertEquals(known, duplicateId(first, second));
        assertNotEquals(known, duplicateId(first, third));
        assertNotEquals(known, duplicateId(first, second, third));
        assertNotEquals(known, duplicateId(first));
    }

    @Test
    void an_event_that_a_message_names_twice_is_there_once() {
        UUID id = EventLog.nextId();
        assertEquals(List.of(id), ClaimCheck.ids(id + "\n" + id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rubbish", "\n", "01a217fd-a3f1-73bc-9e0e-28440f4cf568\nrubbish"})
    void what_names_no_event_is_no_message_of_the_relay(String body) {
        assertThrows(IllegalArgumentException.class, () -> ClaimCheck.ids(body));
    }

    @Test
    void it_says_what_the_event_is_and_by_what_the_broker_knows_it_and_nothing_else() {
        QueuedEvent event = new QueuedEvent(EventLog.nextId(), "site", "key", "post.published", 3, null);
        message.setHeader("Authorization", "Basic hunter2");

        ClaimCheck.write(message, List.of(event));

        assertEquals(event.id().toString(), message.getBody());
        assertEquals(
                Map.of(
                        "RelayId",
                        event.id().toString(),
                        "RelaySite",
                        "site",
                        "RelayKey",
                        "key",
                        "RelayEvent",
                        "post.published",
                        "RelayReplays",
                        3,
                        "_AMQ_DUPL_ID",
                        event.id() + "/3"),
                message.getHeaders());
    }
}

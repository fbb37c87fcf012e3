package events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;

class ClaimCheckTest {
    @Test
    void it_says_what_the_event_is_and_by_what_the_broker_knows_it_and_nothing_else() {
        QueuedEvent event = new QueuedEvent(EventLog.nextId(), "site", "key", "post.published", 3);
        Message message = new DefaultMessage(new DefaultCamelContext());
        message.setHeader("Authorization", "Basic hunter2");

        ClaimCheck.write(message, event);

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

package routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Event;
import events.EventLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A lead on a relay as it is without a setting: no AI server, no CRM, no WordPress. */
class LocalLeadTest {
    @Test
    void a_lead_is_qualified_by_the_local_ai_and_the_result_stays_in_the_event_log(
            @TempDir(cleanup = CleanupMode.NEVER) Path dataDir) throws Exception {
        try (TestRelay relay = new TestRelay(dataDir).startReady()) {
            String key = Samples.key();
            assertEquals(
                    202, relay.client().send(key, Samples.lead(key).toString()).status());
            Supplier<Event> event =
                    () -> relay.bean(EventLog.class).findByKey(key).get(0);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> event.get().status().equals("done"));
            JsonNode result = new ObjectMapper().readTree(event.get().result());
            assertEquals("sales", result.get("category").asText());
            assertTrue(result.get("score").asInt() > 60, result::toString);
            assertTrue(result.get("summary").asText().contains("200 chairs"), result::toString);
        }
    }
}

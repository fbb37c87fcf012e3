package operations;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.Client;
import routes.Samples;
import routes.TestRelay;

/** What a collector reads of a relay that nobody looks at: its output is a file, and so JSON without being told. */
class JsonLogIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    Path directory;

    @Test
    void every_line_is_json_and_says_which_event_it_is_of_and_no_secret() throws Exception {
        Files.createDirectories(directory.resolve("automations"));
        Files.writeString(directory.resolve("automations/order-paid.camel.yaml"), """
                - route:
                    id: on-order.paid
                    from:
                      uri: direct:on-order.paid
                      steps:
                        - log: "An order of ${body[amount]}"
                        - throwException:
                            exceptionType: events.PermanentFailure
                            message: "first\\n2026-01-01 a second line"
                """);
        Files.createDirectories(directory.resolve("automations/schemas"));
        Files.writeString(directory.resolve("automations/schemas/order.paid.json"), "{\"type\":\"object\"}");
        try (RelayProcess relay = new RelayProcess(directory)
                .with("RELAY_LOG_FORMAT", "auto")
                .with("RELAY_LOG_LEVEL", "debug")
                .with("RELAY_AUTOMATIONS_DIR", directory.resolve("automations").toString())
                .with("RELAY_CONSOLE_PORT", Integer.toString(TestRelay.freePort()))
                .start()) {
            String secret = Files.readString(directory.resolve("data/secret")).strip();
            String key = Samples.key();
            assertEquals(202, send(relay.client(secret), key));
            await().until(() -> relay.log().contains("is a dead letter"));
            List<JsonNode> lines = lines(relay.log());
            List<JsonNode> its = lines.stream()
                    .filter(line -> line.path("relay.key").asText().equals(key))
                    .toList();
            assertEquals(
                    List.of("DEBUG", "INFO", "ERROR"),
                    its.stream().map(line -> line.get("log.level").asText()).toList(),
                    its::toString);
            assertEquals("An order of 17", its.get(1).get("message").asText());
            for (JsonNode line : its) {
                assertEquals("default", line.path("relay.site").asText(), line::toString);
                assertEquals("order.paid", line.path("relay.event").asText(), line::toString);
                assertEquals(TRACE, line.path("trace.id").asText(), line::toString);
                assertFalse(line.path("http.request.id").asText().isEmpty(), line::toString);
            }
            String password =
                    Files.readString(directory.resolve("data/console-password")).strip();
            assertTrue(relay.log().contains("console-password"));
            assertFalse(relay.log().contains(password));
            assertFalse(relay.log().contains(secret));
        }
    }

    private static int send(Client client, String key) {
        ObjectNode order = JSON.createObjectNode();
        order.put("event", "order.paid").put("idempotency_key", key).put("site", "https://example.test");
        order.put("amount", 17);
        byte[] body = order.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = client.headers(key, body);
        headers.put("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
        return client.post(headers, body).status();
    }

    private static List<JsonNode> lines(String log) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : log.lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}

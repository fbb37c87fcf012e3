package routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.EventLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import routes.Client.Answer;

/** RELAY_RATE_LIMIT over the wire. */
class RateLimitTest {
    private static final int MANY = 60;

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static TestRelay relay;
    static Client client;

    @BeforeAll
    static void start() throws Exception {
        relay = new TestRelay(dataDir).with("RELAY_RATE_LIMIT", "5").startReady();
        client = relay.client();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static void assertLimited(Answer answer) {
        assertEquals(429, answer.status());
        assertEquals("too many requests", answer.body().path("error").asText());
        assertEquals("1", answer.header("Retry-After"));
    }

    @Test
    void what_a_site_sends_over_its_limit_is_refused_and_left_to_the_sender() {
        List<String> accepted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            String key = Samples.key();
            Answer answer = client.send(key, Samples.post(key).toString());
            if (answer.status() == 202) {
                accepted.add(key);
            } else {
                assertLimited(answer);
                refused.add(key);
            }
        }
        // The test before this one may have had a part of the first second.
        assertTrue(!accepted.isEmpty() && refused.size() >= 5, () -> accepted.size() + " of " + MANY);
        EventLog eventLog = relay.bean(EventLog.class);
        accepted.forEach(key -> assertEquals(1, eventLog.findByKey(key).size()));
        refused.forEach(key -> assertEquals(0, eventLog.findByKey(key).size()));
        String again = refused.get(0);
        await().until(() -> client.send(again, Samples.post(again).toString()).status() == 202);
    }

    @Test
    void who_does_not_verify_is_limited_sooner_and_does_not_use_up_what_the_site_has() {
        int answered = 0;
        for (int i = 0; i < MANY; i++) {
            String key = Samples.key();
            byte[] body = Samples.post(key).toString().getBytes(StandardCharsets.UTF_8);
            Map<String, String> headers = client.headers(key, body);
            headers.put("X-WP-Signature", "0".repeat(64));
            Answer answer = client.post(headers, body);
            if (answer.status() == 401) {
                answered++;
            } else {
                assertLimited(answer);
            }
        }
        int all = answered;
        assertTrue(all >= 2 && all < MANY, () -> all + " of " + MANY);
        String key = Samples.key();
        await().until(() -> client.send(key, Samples.post(key).toString()).status() == 202);
    }
}

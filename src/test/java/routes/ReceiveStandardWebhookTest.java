package routes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import events.Event;
import events.EventLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import routes.Client.Answer;
import sites.StandardWebhooks;

/** A sender that signs as Standard Webhooks has it, over the wire. */
class ReceiveStandardWebhookTest {
    private static final String CURRENT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String NEXT = "whsec_QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static TestRelay relay;
    static Client client;

    @BeforeAll
    static void start() throws Exception {
        relay = new TestRelay(dataDir)
                .with("WP_RELAY_SECRET", CURRENT)
                .with("WP_RELAY_SECRET_NEXT", NEXT)
                .startReady();
        client = relay.client();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static byte[] bytes(ObjectNode body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** As its sender makes it: the id is in the header and need not be in the body. */
    private static ObjectNode post() {
        ObjectNode post = Samples.post("none");
        post.remove("idempotency_key");
        return post;
    }

    private static Map<String, String> headers(String secret, String id, byte[] body) {
        return headers(secret, id, body, Instant.now().getEpochSecond());
    }

    private static Map<String, String> headers(String secret, String id, byte[] body, long timestamp) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", Long.toString(timestamp));
        headers.put("webhook-signature", new StandardWebhooks(secret).sign(id, Long.toString(timestamp), body));
        return headers;
    }

    private static List<Event> recorded(String key) {
        return relay.bean(EventLog.class).findByKey(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {CURRENT, NEXT})
    void its_event_is_recorded_byte_for_byte_under_its_id_and_once(String secret) {
        String id = Samples.key();
        byte[] body = bytes(post());
        Answer first = client.post(headers(secret, id, body), body);
        Answer second = client.post(headers(secret, id, body), body);
        assertEquals(202, first.status());
        assertEquals("accepted", first.body().path("status").asText());
        assertEquals("duplicate", second.body().path("status").asText());
        assertEquals(first.body().path("id"), second.body().path("id"));
        assertEquals(1, recorded(id).size());
        assertArrayEquals(body, recorded(id).get(0).payload());
    }

    @Test
    void one_valid_signature_of_several_is_enough() {
        String id = Samples.key();
        byte[] body = bytes(post());
        Map<String, String> headers = headers(CURRENT, id, body);
        headers.computeIfPresent(
                "webhook-signature", (name, signature) -> "v1a,AAAA v1,AAAA " + signature + " v2,AAAA");
        assertEquals(202, client.post(headers, body).status());
    }

    @Test
    void a_signature_with_a_public_key_verifies_nothing() {
        String id = Samples.key();
        byte[] body = bytes(post());
        Map<String, String> headers = headers(CURRENT, id, body);
        headers.computeIfPresent("webhook-signature", (name, signature) -> signature.replace("v1,", "v1a,"));
        assertRejected(401, "bad signature", client.post(headers, body));
    }

    @Test
    void another_id_or_body_or_time_than_was_signed_is_refused() {
        String id = Samples.key();
        byte[] body = bytes(post());
        Map<String, String> otherId = headers(CURRENT, id, body);
        otherId.put("webhook-id", id + "-2");
        assertRejected(401, "bad signature", client.post(otherId, body));
        assertRejected(401, "bad signature", client.post(headers(CURRENT, id, body), bytes(post().put("title", "T"))));
        for (long off : new long[] {-400, 400}) {
            long timestamp = Instant.now().getEpochSecond() + off;
            assertRejected(401, "bad signature", client.post(headers(CURRENT, id, body, timestamp), body));
        }
        assertEquals(List.of(), recorded(id));
    }

    @Test
    void a_key_in_the_body_has_to_be_the_id() {
        String id = Samples.key();
        byte[] same = bytes(post().put("idempotency_key", id));
        assertEquals(202, client.post(headers(CURRENT, id, same), same).status());
        String other = Samples.key();
        byte[] another = bytes(post().put("idempotency_key", id));
        assertRejected(400, "idempotency key mismatch", client.post(headers(CURRENT, other, another), another));
    }

    @Test
    void an_id_that_cannot_be_a_key_is_named() {
        byte[] body = bytes(post());
        Answer answer = client.post(headers(CURRENT, "msg_" + "x".repeat(61), body), body);
        assertRejected(422, "invalid event", answer);
        assertEquals("webhook-id", answer.body().at("/details/0/field").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
    void a_request_without_one_of_its_headers_is_refused(String header) {
        byte[] body = bytes(post());
        Map<String, String> headers = headers(CURRENT, Samples.key(), body);
        headers.remove(header);
        assertRejected(400, "missing headers", client.post(headers, body));
    }

    @Test
    void the_plugin_may_sign_with_the_same_secret_in_its_own_way() {
        String key = Samples.key();
        assertEquals(
                202,
                relay.client(CURRENT).send(key, Samples.post(key).toString()).status());
    }

    private static void assertRejected(int status, String error, Answer answer) {
        assertEquals(status, answer.status(), () -> answer.body().toString());
        assertEquals(error, answer.body().path("error").asText());
    }
}

package routes;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import events.Event;
import events.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.Client.Answer;

/** The contract's table of answers, row by row, over the wire. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ReceiveEventContract {
    static final String NEXT_SECRET = "the secret that comes next";
    private static final int MAX_BODY = 262_144;

    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER)
    static Path dataDir;

    static TestRelay relay;
    static Client client;

    /** The relay to be tested, before it is started. */
    abstract TestRelay newRelay();

    @BeforeAll
    void start() throws Exception {
        relay = newRelay().with("WP_RELAY_SECRET_NEXT", NEXT_SECRET).startReady();
        client = relay.client();
    }

    @AfterAll
    void stop() throws Exception {
        relay.close();
    }

    private static byte[] bytes(Object body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRejected(int status, String error, Answer answer) {
        assertAll(
                () -> assertEquals(status, answer.status()),
                () -> assertEquals(error, answer.body().path("error").asText()),
                () -> assertNotNull(answer.header("X-Request-Id")),
                () -> assertEquals("application/json", answer.header("Content-Type")));
    }

    private static List<Event> recorded(String key) {
        return relay.bean(EventLog.class).findByKey(key);
    }

    @Test
    void a_signed_event_is_accepted_and_recorded_byte_for_byte() {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key).put("title", "Café — naïve 🐫 日本語"));
        Answer answer = client.send(key, body);
        assertEquals(202, answer.status());
        assertEquals("accepted", answer.body().get("status").asText());
        assertNotNull(answer.header("X-Request-Id"));
        Event event = recorded(key).get(0);
        assertEquals(answer.body().get("id").asText(), event.id().toString());
        assertEquals(answer.header("X-Request-Id"), event.requestId());
        assertTrue(java.util.Arrays.equals(body, event.payload()));
    }

    @Test
    void a_duplicate_is_answered_with_the_same_id_and_recorded_once() {
        String key = Samples.key();
        Answer first = client.send(key, Samples.post(key).toString());
        Answer second = client.send(key, Samples.post(key).toString());
        assertEquals(202, second.status());
        assertEquals("duplicate", second.body().get("status").asText());
        assertEquals(first.body().get("id"), second.body().get("id"));
        assertEquals(1, recorded(key).size());
    }

    @Test
    void of_64_callers_with_one_key_exactly_one_is_accepted() throws Exception {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        ExecutorService callers = Executors.newFixedThreadPool(64);
        try {
            Callable<String> call =
                    () -> client.send(key, body).body().path("status").asText();
            List<String> answers = new ArrayList<>();
            for (Future<String> answer : callers.invokeAll(java.util.Collections.nCopies(64, call))) {
                answers.add(answer.get());
            }
            assertEquals(1, answers.stream().filter("accepted"::equals).count());
            assertEquals(63, answers.stream().filter("duplicate"::equals).count());
            assertEquals(1, recorded(key).size());
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void the_same_key_with_another_body_is_refused() {
        String key = Samples.key();
        client.send(key, Samples.post(key).toString());
        assertRejected(
                409,
                "idempotency key reused",
                client.send(key, Samples.post(key).put("title", "Other").toString()));
        assertEquals(1, recorded(key).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-WP-Timestamp", "X-WP-Signature", "Idempotency-Key"})
    void a_request_without_one_of_its_headers_is_refused(String header) {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        Map<String, String> headers = client.headers(key, body);
        headers.remove(header);
        assertRejected(400, "missing headers", client.post(headers, body));
        assertTrue(recorded(key).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "{\"a\":1}{}", "{\"a\":1,\"a\":2}", "\ufeff{", "nul", "{\"a\":01}"})
    void a_body_that_is_not_json_is_refused(String body) {
        assertRejected(400, "invalid json", client.send("k", body));
    }

    @Test
    void a_body_that_is_not_utf8_is_refused() {
        byte[] body = "{\"title\":\"caf?\"}".getBytes(StandardCharsets.ISO_8859_1);
        body[13] = (byte) 0xe9;
        assertRejected(400, "invalid json", client.send("k", body));
    }

    @Test
    void json_nested_beyond_reason_is_refused() {
        assertRejected(400, "invalid json", client.send("k", "[".repeat(5000) + "]".repeat(5000)));
    }

    @Test
    void a_key_in_the_header_that_is_not_the_signed_one_is_refused() {
        String key = Samples.key();
        assertRejected(
                400,
                "idempotency key mismatch",
                client.send("another-" + key, Samples.post(key).toString()));
        assertTrue(recorded("another-" + key).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"-301", "301", "-100000", "100000"})
    void a_timestamp_outside_the_window_is_refused(long offset) {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        long timestamp = Instant.now().getEpochSecond() + offset;
        assertRejected(401, "bad signature", client.post(client.headers(key, body, timestamp), body));
        assertTrue(recorded(key).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"-290", "290"})
    void a_timestamp_inside_the_window_is_accepted(long offset) {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        long timestamp = Instant.now().getEpochSecond() + offset;
        assertEquals(
                202, client.post(client.headers(key, body, timestamp), body).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "-1", "99999999999999999999", "1e9", " ", "1700000000.5"})
    void a_timestamp_that_is_no_number_is_refused_like_a_wrong_signature(String timestamp) {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        Map<String, String> headers = client.headers(key, body);
        headers.put("X-WP-Timestamp", timestamp);
        headers.put("X-WP-Signature", Client.sign(TestRelay.SECRET, timestamp, body));
        Answer answer = client.post(headers, body);
        assertEquals(timestamp.isBlank() ? 400 : 401, answer.status());
    }

    @Test
    void a_wrong_signature_and_an_unknown_key_get_one_and_the_same_answer() {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        Map<String, String> wrong = client.headers(key, body);
        wrong.put("X-WP-Signature", Client.sign("wrong", wrong.get("X-WP-Timestamp"), body));
        Map<String, String> unknown = client.headers(key, body);
        unknown.put("X-WP-Key-Id", "nobody");
        Map<String, String> upperCase = client.headers(key, body);
        upperCase.computeIfPresent("X-WP-Signature", (name, value) -> value.toUpperCase(java.util.Locale.ROOT));
        assertRejected(401, "bad signature", client.post(wrong, body));
        assertRejected(401, "bad signature", client.post(unknown, body));
        assertRejected(401, "bad signature", client.post(upperCase, body));
        assertTrue(recorded(key).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"current", "next"})
    void both_secrets_are_accepted_with_and_without_a_key_id(String keyId) {
        String secret = keyId.equals("next") ? NEXT_SECRET : TestRelay.SECRET;
        double before = verified(keyId);
        for (boolean isNamed : new boolean[] {true, false}) {
            String key = Samples.key();
            byte[] body = bytes(Samples.post(key));
            Map<String, String> headers = client.headers(key, body);
            headers.put("X-WP-Signature", Client.sign(secret, headers.get("X-WP-Timestamp"), body));
            if (isNamed) {
                headers.put("X-WP-Key-Id", keyId);
            }
            assertEquals(202, client.post(headers, body).status());
        }
        assertEquals(before + 2, verified(keyId));
    }

    /** How many requests have verified with this key: how one knows when the old one may go. */
    private static double verified(String keyId) {
        return relay.bean(MeterRegistry.class)
                .counter("relay.verified", "site", "default", "key", keyId)
                .count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s,%s", "%s %s", "%s, %s"})
    void one_valid_signature_of_several_is_enough(String format) {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        Map<String, String> headers = client.headers(key, body);
        headers.computeIfPresent("X-WP-Signature", (name, value) -> String.format(format, "0".repeat(64), value));
        assertEquals(202, client.post(headers, body).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"})
    void json_with_a_charset_is_accepted(String contentType) {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        Map<String, String> headers = client.headers(key, body);
        headers.put("Content-Type", contentType);
        assertEquals(202, client.post(headers, body).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/jsonx",
                "text/json",
                "multipart/form-data; boundary=x"
            })
    void another_content_type_is_refused(String contentType) {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        Map<String, String> headers = client.headers(key, body);
        headers.put("Content-Type", contentType);
        assertRejected(415, "unsupported media type", client.post(headers, body));
    }

    @Test
    void a_ping_of_woocommerce_is_refused_where_no_secret_is_for_it() {
        Map<String, String> form = Map.of("Content-Type", "application/x-www-form-urlencoded");
        assertRejected(415, "unsupported media type", client.post(form, bytes("webhook_id=5")));
    }

    @Test
    void no_content_type_is_refused() {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        Map<String, String> headers = client.headers(key, body);
        headers.remove("Content-Type");
        assertRejected(415, "unsupported media type", client.post(headers, body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void another_method_is_refused(String method) {
        Answer answer = client.call(method, "/webhooks/wp", Map.of(), BodyPublishers.noBody());
        assertRejected(405, "method not allowed", answer);
        assertEquals("POST", answer.header("Allow"));
    }

    @Test
    void another_path_is_not_found() {
        assertRejected(404, "not found", client.call("POST", "/webhooks/other", Map.of(), BodyPublishers.noBody()));
    }

    @Test
    void a_body_of_256_kib_is_accepted_and_one_byte_more_is_not() {
        String key = Samples.key();
        assertEquals(202, client.send(key, padded(key, MAX_BODY)).status());
        String other = Samples.key();
        assertRejected(413, "payload too large", client.send(other, padded(other, MAX_BODY + 1)));
        assertTrue(recorded(other).isEmpty());
    }

    @Test
    void a_chunked_body_over_256_kib_is_refused_too() {
        String key = Samples.key();
        byte[] body = padded(key, MAX_BODY + 1);
        Answer answer = client.call(
                "POST",
                "/webhooks/wp",
                client.headers(key, body),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        assertRejected(413, "payload too large", answer);
    }

    private static byte[] padded(String key, int length) {
        ObjectNode post = Samples.guidePost(key);
        post.put("content", "x".repeat(length - bytes(post).length - ",\"content\":\"\"".length()));
        assertEquals(length, bytes(post).length);
        return bytes(post);
    }

    @ParameterizedTest
    @ValueSource(strings = {"event", "idempotency_key", "site", "post_id", "title", "url"})
    void a_post_without_a_required_field_is_refused_by_name(String field) {
        String key = Samples.key();
        ObjectNode post = Samples.post(key);
        post.remove(field);
        assertInvalid(field, client.send(key, post.toString()));
        assertTrue(recorded(key).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"event", "idempotency_key", "site", "comment_id", "post_id", "content"})
    void a_comment_without_a_required_field_is_refused_by_name(String field) {
        String key = Samples.key();
        ObjectNode comment = Samples.comment(key, "Well said.");
        comment.remove(field);
        assertInvalid(field, client.send(key, comment.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"post_id", "title", "url", "author", "content", "meta", "published_at"})
    void a_field_of_another_type_is_refused_by_name(String field) {
        String key = Samples.key();
        ObjectNode post = Samples.post(key);
        post.putObject(field).put("surprise", true);
        if (field.equals("meta")) {
            post.put("meta", "surprise");
        }
        assertInvalid(field, client.send(key, post.toString()));
    }

    @Test
    void a_wrong_element_is_named_by_its_place() {
        String key = Samples.key();
        ObjectNode post = Samples.post(key);
        post.withObject("/meta").putArray("categories").add(1).add("two");
        assertInvalid("meta.categories[1]", client.send(key, post.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"post.deleted", "", "POST.PUBLISHED", "../post.published"})
    void an_unknown_event_is_refused(String event) {
        String key = Samples.key();
        assertInvalid(
                "event", client.send(key, Samples.post(key).put("event", event).toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "1", "null"})
    void json_that_is_no_object_is_refused(String body) {
        assertEquals(422, client.send("k", body).status());
    }

    @Test
    void php_may_write_an_empty_map_as_an_empty_array_and_absent_values_as_null() {
        String key = Samples.key();
        ObjectNode post = Samples.post(key).putNull("author").putNull("content");
        post.putArray("meta");
        post.put("a_field_nobody_knows", "is kept and ignored");
        assertEquals(202, client.send(key, post.toString()).status());
    }

    @Test
    void nothing_of_the_request_is_echoed() {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        Map<String, String> headers = client.headers(key, body);
        headers.put("X-Secret-Of-A-Proxy", "do not tell");
        Answer accepted = client.post(headers, body);
        headers.remove("Idempotency-Key");
        Answer rejected = client.post(headers, body);
        for (Answer answer : List.of(accepted, rejected)) {
            assertNull(answer.header("X-Secret-Of-A-Proxy"));
            assertNull(answer.header("X-WP-Signature"));
        }
    }

    @Test
    void a_header_that_steers_camel_or_the_broker_steers_nothing() {
        // Of two messages with one duplicate id the broker would drop the second: both events have to be done.
        List<String> keys = List.of(Samples.key(), Samples.key());
        for (String key : keys) {
            byte[] body = bytes(Samples.post(key));
            Map<String, String> headers = client.headers(key, body);
            headers.put("CamelHttpResponseCode", "200");
            headers.put("CAmelHttpUri", "http://127.0.0.1:1/");
            headers.put("_AMQ_DUPL_ID", "taken");
            headers.put("RelaySite", "another");
            assertEquals(202, client.post(headers, body).status());
            assertEquals("default", recorded(key).get(0).site());
        }
        for (String key : keys) {
            Awaitility.await().until(() -> recorded(key).get(0).status().equals("done"));
        }
    }

    @Test
    void a_trace_is_kept_and_something_else_under_its_name_is_not() {
        String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assertEquals(traceparent, sendWithTrace(traceparent).traceparent());
        String begun = sendWithTrace("<script>").traceparent();
        assertTrue(begun.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"), begun);
    }

    private static Event sendWithTrace(String traceparent) {
        String key = Samples.key();
        byte[] body = bytes(Samples.post(key));
        Map<String, String> headers = client.headers(key, body);
        headers.put("traceparent", traceparent);
        assertEquals(202, client.post(headers, body).status());
        return recorded(key).get(0);
    }

    @Test
    void a_site_can_ask_how_its_event_went() {
        String key = Samples.key();
        client.send(key, Samples.post(key).toString());
        Awaitility.await()
                .untilAsserted(() -> assertEquals(
                        "done", client.status(key).body().path("status").asText()));
        Answer answer = client.status(key);
        assertEquals(200, answer.status());
        assertEquals("post.published", answer.body().get("event").asText());
        assertEquals(1, answer.body().get("attempts").asInt());
        assertTrue(answer.body().get("error").isNull());
        assertFalse(answer.body().at("/result/summary").asText().isEmpty());
        assertNotNull(Instant.parse(answer.body().get("finished_at").asText()));
    }

    @Test
    void a_status_is_told_only_to_who_signs_for_it() {
        String key = Samples.key();
        client.send(key, Samples.post(key).toString());
        assertRejected(404, "not found", client.status("no-such-key"));
        Map<String, String> headers = client.headers("other", bytes("other"));
        assertRejected(
                401, "bad signature", client.call("GET", "/webhooks/wp/" + key, headers, BodyPublishers.noBody()));
    }

    private static void assertInvalid(String field, Answer answer) {
        assertRejected(422, "invalid event", answer);
        List<String> fields = new ArrayList<>();
        for (JsonNode detail : answer.body().get("details")) {
            fields.add(detail.get("field").asText());
            assertFalse(detail.get("problem").asText().isEmpty());
        }
        assertTrue(fields.contains(field), () -> field + " is not among " + answer.body());
    }
}

package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import events.Event;
import events.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import text.Sha256;

/** What the plugin sends beside posts, comments and leads, with a WordPress over the wire. */
class PluginEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET_OF_BLOG = "the secret of the blog";
    private static final String SECRET_OF_SHOP = "the secret of the shop";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static BatchSite site;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        site = new BatchSite();
        Path sites = Files.writeString(
                dataDir.resolve("sites.yaml"), """
                sites:
                  - {id: blog, url: "%s", secrets: [{key: blog, secret: %s}]}
                  - {id: shop, secrets: [{key: shop, secret: %s}]}
                """.formatted(site.url(), SECRET_OF_BLOG, SECRET_OF_SHOP));
        relay = new TestRelay(dataDir)
                .with("WP_RELAY_SECRET", "")
                .with("RELAY_SITES_FILE", sites.toString())
                .with("RELAY_RETRY_DELAYS", "100ms,100ms")
                .startReady();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        site.close();
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static int send(String keyId, ObjectNode body) {
        byte[] content = body.toString().getBytes(StandardCharsets.UTF_8);
        Client client = relay.client(keyId.equals("shop") ? SECRET_OF_SHOP : SECRET_OF_BLOG);
        Map<String, String> headers =
                client.headers(body.path("idempotency_key").asText(), content);
        headers.put("X-WP-Key-Id", keyId);
        return client.post(headers, content).status();
    }

    private static JsonNode resultOf(ObjectNode body) throws IOException {
        assertEquals(202, send("blog", body));
        return JSON.readTree(awaitDone(body).result());
    }

    private static Event awaitDone(ObjectNode body) {
        String key = body.path("idempotency_key").asText();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertEquals("done", event(key).status(), () -> String.valueOf(event(key))));
        return event(key);
    }

    private static ObjectNode sample(String event) throws IOException {
        Path file = Path.of("src", "main", "resources", "samples", event + ".json");
        return ((ObjectNode) JSON.readTree(file.toFile())).put("idempotency_key", Samples.key());
    }

    private static JsonNode callBack(ObjectNode body) {
        String key = body.path("idempotency_key").asText();
        return BatchSite.body(site.results(key).get(0));
    }

    static Stream<String> samples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "main", "resources", "samples"))) {
            return files
                    .map(file -> file.getFileName().toString().replaceFirst("\\.json$", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void each_sample_is_an_event_that_is_taken_and_done(String event) throws IOException {
        ObjectNode sample = sample(event);
        assertEquals(event, sample.path("event").asText());
        assertEquals(202, send("blog", sample));
        awaitDone(sample);
    }

    @Test
    void a_post_that_was_updated_is_enriched_as_one_that_was_published() throws IOException {
        ObjectNode updated = sample("post.updated").put("revision", "the second");
        assertFalse(resultOf(updated).path("summary").asText().isEmpty());
        JsonNode sent = callBack(updated);
        assertEquals("post.updated", sent.path("event").asText());
        assertEquals("enrich_post", sent.path("action").asText());
        assertEquals("{\"type\":\"post\",\"id\":1}", sent.path("target").toString());
        assertEquals("the second", sent.path("revision").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"approved", "hold"})
    void a_comment_may_say_what_wordpress_made_of_it(String status) {
        ObjectNode comment = Samples.comment(Samples.key(), "Well said.").put("status", status);
        assertEquals(202, send("blog", comment));
    }

    @Test
    void a_comment_does_not_say_anything_else_of_that() {
        assertEquals(
                422, send("blog", Samples.comment(Samples.key(), "Well said.").put("status", "spam")));
    }

    @Test
    void a_test_of_the_connection_asks_the_ai_and_tells_the_site() throws IOException {
        ObjectNode test = sample("connection.tested");
        JsonNode result = resultOf(test);
        assertTrue(
                List.of("approve", "hold", "spam")
                        .contains(result.path("verdict").asText()),
                result::toString);
        JsonNode sent = callBack(test);
        assertEquals("connection.tested", sent.path("event").asText());
        assertEquals("check_connection", sent.path("action").asText());
        assertEquals("site", sent.at("/target/type").asText());
        assertEquals(test.get("idempotency_key"), sent.at("/target/id"));
        assertEquals(result, sent.path("result"));
        assertEquals(event(test.path("idempotency_key").asText()).callBack(), "applied");
    }

    private static String hash(String email) {
        return Sha256.hex(email.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode commentBy(String email) {
        return Samples.comment(Samples.key(), "Well said.").put("author_email_sha256", hash(email));
    }

    private static ObjectNode erasure(String email) throws IOException {
        return sample("erasure.requested").put("email_sha256", hash(email));
    }

    private static boolean isErased(ObjectNode body) {
        return event(body.path("idempotency_key").asText()).erasedAt() != null;
    }

    @Test
    void a_site_has_what_the_relay_holds_of_a_person_from_it_erased_and_nothing_else() throws IOException {
        List<ObjectNode> hers = IntStream.range(0, 3)
                .mapToObj(i -> commentBy("ada@example.org"))
                .toList();
        ObjectNode another = commentBy("bob@example.org");
        ObjectNode elsewhere = commentBy("ada@example.org");
        for (ObjectNode comment : hers) {
            assertEquals(202, send("blog", comment));
        }
        assertEquals(202, send("blog", another));
        assertEquals(202, send("shop", elsewhere));
        for (ObjectNode comment :
                Stream.concat(hers.stream(), Stream.of(another, elsewhere)).toList()) {
            awaitDone(comment);
        }
        ObjectNode request = erasure("ada@example.org");
        assertEquals("{\"erased\":3,\"unknown\":0}", resultOf(request).toString());
        assertTrue(hers.stream().allMatch(PluginEventsTest::isErased));
        assertFalse(isErased(another) || isErased(elsewhere));
        assertTrue(isErased(request), "it has the hash no longer");
        assertEquals(0, site.results(request.path("idempotency_key").asText()).size());
    }

    @Test
    void a_second_request_finds_nothing_more_and_the_first_has_the_hash_no_longer() throws IOException {
        ObjectNode first = erasure("eve@example.org");
        assertEquals(0, resultOf(first).path("erased").asInt());
        String key = first.path("idempotency_key").asText();
        assertEquals("{}", new String(event(key).payload(), StandardCharsets.UTF_8));
        assertEquals(0, resultOf(erasure("eve@example.org")).path("erased").asInt());
        assertEquals(202, send("blog", first), "a duplicate, though nothing of it is left to compare");
        assertEquals("done", event(key).status());
    }

    @Test
    void an_event_that_waits_for_its_site_is_erased_too() throws IOException {
        ObjectNode comment = commentBy("kim@example.org");
        String key = comment.path("idempotency_key").asText();
        site.answer(key, aResponse().withStatus(503).withHeader("Retry-After", "3600"));
        assertEquals(202, send("blog", comment));
        await().until(() -> event(key).error() != null);
        assertEquals(1, resultOf(erasure("kim@example.org")).path("erased").asInt());
        assertEquals("error", event(key).status());
        assertEquals("{}", new String(event(key).payload(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ada@example.org", "ABCDEF"})
    void what_is_no_hash_in_lower_case_is_refused(String hash) throws IOException {
        assertEquals(422, send("blog", sample("erasure.requested").put("email_sha256", hash)));
        assertEquals(
                422,
                send(
                        "blog",
                        sample("erasure.requested")
                                .put("email_sha256", hash("a@b.c").toUpperCase(java.util.Locale.ROOT))));
    }
}

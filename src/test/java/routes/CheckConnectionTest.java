package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.matching.UrlPattern;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import ingress.TestKeystore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.Client.Answer;
import text.Sha256;

/** {@code POST /webhooks/wp/check} over the wire, over TLS, of several sites: each test is a site of its own. */
class CheckConnectionTest {
    private static final String PATH = "/webhooks/wp/check";
    private static final UrlPattern CHECK = urlEqualTo("/wp-json/ai-relay/v1/check");
    private static final String GOOD =
            "{\"authorization\":true,\"can_write\":true,\"signature\":true,\"version\":\"0.1.0\"}";
    private static final int SITES = 40;
    private static final String NEXT = "the next secret of site ";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer wordpress;
    static TestRelay relay;
    private static int used;

    /** A site that no other test has asked for. */
    private int site;

    @BeforeAll
    static void start() throws Exception {
        wordpress = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        StringBuilder sites = new StringBuilder("sites:\n");
        for (int i = 0; i < SITES; i++) {
            sites.append("  - {id: site-%d, url: '%s', credentials: {user: relay, password: abcd efgh}, secrets: ["
                    .formatted(i, wordpress.baseUrl()));
            sites.append(
                    "{key: key-%d, secret: %s}, {key: next-%d, secret: %s%d}]}%n".formatted(i, secret(i), i, NEXT, i));
        }
        sites.append("  - {id: mute, secrets: [{key: mute, secret: secret of mute}]}\n");
        sites.append("  - {id: bent, url: 'http://bent.test', secrets: [{key: bent, secret: secret of bent}]}\n");
        sites.append("  - {id: gone, url: 'http://127.0.0.1:%d', secrets: [{key: gone, secret: secret of gone}]}%n"
                .formatted(TestRelay.freePort()));
        Path file = Files.writeString(dataDir.resolve("sites.yaml"), sites);
        relay = new TestRelay(dataDir)
                .with(TestKeystore.create(dataDir.resolve("relay.p12"), "relay"))
                .with("WP_RELAY_SECRET", "")
                .with("RELAY_SITES_FILE", file.toString())
                .with(new FakeDns()
                        .with("bent.test", "10.1.2.3")
                        .with("localhost", "127.0.0.1")
                        .with("127.0.0.1", "127.0.0.1"))
                .startReady();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        wordpress.stop();
    }

    @BeforeEach
    void begin() {
        site = used++;
        wordpress.resetAll();
        wordpress.stubFor(post(CHECK).willReturn(okJson(GOOD)));
    }

    private static String secret(int site) {
        return "the secret of site " + site;
    }

    private static Answer check(String keyId, String secret, String body) {
        return check(headers(keyId, secret, body), body);
    }

    private static Map<String, String> headers(String keyId, String secret, String body) {
        Map<String, String> headers = relay.client(secret).headers("", body.getBytes(StandardCharsets.UTF_8));
        headers.remove("Idempotency-Key");
        headers.put("X-WP-Key-Id", keyId);
        return headers;
    }

    private static Answer check(Map<String, String> headers, String body) {
        return relay.client("").call("POST", PATH, headers, BodyPublishers.ofString(body));
    }

    private Answer check() {
        return check("key-" + site, secret(site), "{}");
    }

    private static JsonNode verified(Answer answer, boolean isVerified) {
        assertEquals(200, answer.status());
        assertEquals(isVerified, answer.body().path("verified").asBoolean(), answer.body()::toString);
        return answer.body();
    }

    @Test
    void a_site_is_told_what_arrived_and_what_it_answers_itself() {
        String body = "{\"text\":\"Café 🐫\"}";
        JsonNode answer = verified(check("key-" + site, secret(site), body), true);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        assertEquals(bytes.length, answer.path("bytes").asInt());
        assertEquals(Sha256.hex(bytes), answer.path("sha256").asText());
        assertTrue(Math.abs(answer.path("time").asLong() - Instant.now().getEpochSecond()) < 30);
        assertEquals("site-" + site, answer.path("site").asText());
        assertEquals("key-" + site, answer.path("key_id").asText());
        JsonNode callBack = answer.path("call_back");
        assertEquals(
                wordpress.baseUrl() + "/wp-json/ai-relay/v1/check",
                callBack.path("url").asText());
        assertEquals(200, callBack.path("status").asInt());
        assertEquals(GOOD, callBack.path("answer").toString());
        assertTrue(callBack.path("error").isNull());
    }

    @Test
    void the_site_is_asked_with_both_proofs_and_each_of_its_secrets() {
        verified(check(), true);
        LoggedRequest asked = wordpress.findAll(postRequestedFor(CHECK)).get(0);
        assertEquals("{}", asked.getBodyAsString());
        assertTrue(asked.getHeader("Authorization").startsWith("Basic "));
        String timestamp = asked.getHeader("X-WP-Timestamp");
        assertEquals(
                Client.sign(secret(site), timestamp, asked.getBody()) + ","
                        + Client.sign(NEXT + site, timestamp, asked.getBody()),
                asked.getHeader("X-WP-Signature"));
    }

    @Test
    void the_secret_that_comes_next_is_named_as_the_one_that_verified() {
        JsonNode answer = verified(check("key-" + site, NEXT + site, "{}"), true);
        assertEquals("next-" + site, answer.path("key_id").asText());
    }

    @Test
    void what_does_not_verify_is_told_what_arrived_and_nothing_else_whatever_the_reason() {
        Map<String, String> late = relay.client(secret(site))
                .headers(
                        "", "{}".getBytes(StandardCharsets.UTF_8), Instant.now().getEpochSecond() - 3600);
        late.put("X-WP-Key-Id", "key-" + site);
        Map<String, String> unsigned = headers("key-" + site, secret(site), "{}");
        unsigned.remove("X-WP-Signature");
        Map<String, String> unnamed = headers("key-" + site, secret(site), "{}");
        unnamed.remove("X-WP-Key-Id");
        for (Answer answer : List.of(
                check("key-" + site, "another secret", "{}"),
                check("nobody", secret(site), "{}"),
                check(late, "{}"),
                check(unsigned, "{}"),
                check(unnamed, "{}"),
                check(headers("key-" + site, secret(site), "{}"), "{ }"))) {
            Set<String> fields = new TreeSet<>();
            verified(answer, false).fieldNames().forEachRemaining(fields::add);
            assertEquals(Set.of("bytes", "sha256", "time", "verified"), fields);
        }
        assertEquals(0, wordpress.findAll(postRequestedFor(CHECK)).size());
    }

    @Test
    void of_a_site_without_an_address_there_is_no_call_back() {
        JsonNode answer = verified(check("mute", "secret of mute", "{}"), true);
        assertTrue(answer.has("call_back") && answer.get("call_back").isNull(), answer::toString);
    }

    @Test
    void a_site_whose_name_leads_into_a_private_network_is_not_asked_and_told_the_setting() {
        JsonNode callBack =
                verified(check("bent", "secret of bent", "{}"), true).path("call_back");
        assertEquals(0, callBack.path("status").asInt());
        assertTrue(callBack.path("error").asText().contains("RELAY_PRIVATE_ADDRESSES"), callBack::toString);
    }

    @Test
    void a_site_that_does_not_listen_is_told_in_a_sentence() {
        JsonNode callBack =
                verified(check("gone", "secret of gone", "{}"), true).path("call_back");
        assertEquals(0, callBack.path("status").asInt());
        assertTrue(callBack.path("error").asText().startsWith("There is no connection"), callBack::toString);
        assertTrue(callBack.path("answer").isNull());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 403, 404, 503})
    void another_answer_of_the_site_is_passed_on_and_no_redirect_followed(int status) {
        wordpress.stubFor(post(CHECK)
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Location", wordpress.baseUrl() + "/elsewhere")
                        .withBody("{\"code\":\"a_code\"}")));
        JsonNode callBack = verified(check(), true).path("call_back");
        assertEquals(status, callBack.path("status").asInt());
        assertEquals("a_code", callBack.at("/answer/code").asText());
        assertEquals(1, wordpress.getAllServeEvents().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>closed</html>", "[1]", "", "{"})
    void an_answer_that_is_no_object_is_null(String body) {
        wordpress.stubFor(post(CHECK).willReturn(aResponse().withBody(body)));
        JsonNode callBack = verified(check(), true).path("call_back");
        assertEquals(200, callBack.path("status").asInt());
        assertTrue(callBack.path("answer").isNull(), callBack::toString);
    }

    @Test
    void an_answer_that_is_long_is_null_too() {
        wordpress.stubFor(post(CHECK).willReturn(okJson("{\"a\":\"" + "x".repeat(2_000_000) + "\"}")));
        assertTrue(verified(check(), true).at("/call_back/answer").isNull());
    }

    @Test
    void an_answer_that_breaks_off_is_told_in_a_sentence() {
        wordpress.stubFor(post(CHECK).willReturn(aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE)));
        assertFalse(verified(check(), true).at("/call_back/error").asText().isEmpty());
    }

    @Test
    void silent_sites_hold_up_nobody_else() {
        wordpress.stubFor(post(CHECK).willReturn(okJson(GOOD).withFixedDelay(20_000)));
        int first = used;
        used += 8;
        long began = System.nanoTime();
        List<CompletableFuture<Answer>> waiting = IntStream.range(first, first + 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> check("key-" + i, secret(i), "{}"), task -> new Thread(task).start()))
                .toList();
        await().until(() -> wordpress.findAll(postRequestedFor(CHECK)).size() >= 8);
        // All threads wait: the ninth is told so at once, however often, and an event is taken as ever.
        for (int i = 0; i < 7; i++) {
            JsonNode busy = verified(check(), true).path("call_back");
            assertEquals(429, busy.path("status").asInt(), busy::toString);
            assertEquals(
                    "The relay is busy with other checks: try again in a minute.",
                    busy.path("error").asText());
        }
        JsonNode again =
                verified(check("key-" + first, secret(first), "{}"), true).path("call_back");
        assertEquals(
                "A check of this site is still under way: try again in a minute.",
                again.path("error").asText());
        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
        waiting.forEach(answer -> {
            JsonNode callBack = verified(answer.join(), true).path("call_back");
            assertEquals(0, callBack.path("status").asInt());
            assertEquals(
                    "The site did not answer within 5 s.",
                    callBack.path("error").asText());
        });
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(15).toNanos());
    }

    @Test
    void a_site_is_asked_six_times_a_minute_and_no_more() {
        for (int i = 0; i < 6; i++) {
            assertEquals(200, verified(check(), true).at("/call_back/status").asInt());
        }
        JsonNode callBack = verified(check(), true).path("call_back");
        assertEquals(429, callBack.path("status").asInt());
        assertFalse(callBack.path("error").asText().isEmpty());
        assertEquals(6, wordpress.findAll(postRequestedFor(CHECK)).size());
    }

    @Test
    void a_body_of_16_kib_is_taken_and_one_byte_more_is_not() {
        String longest = "{\"a\":\"" + "x".repeat(16 * 1024 - 8) + "\"}";
        assertEquals(
                16 * 1024,
                verified(check("key-" + site, secret(site), longest), true)
                        .path("bytes")
                        .asInt());
        Answer refused = check("key-" + site, secret(site), longest + " ");
        assertEquals(413, refused.status());
        assertEquals("payload too large", refused.body().path("error").asText());
    }

    @Test
    void a_form_and_no_body_at_all_do_not_verify_and_are_answered() {
        Map<String, String> form = headers("key-" + site, secret(site), "a=b");
        form.put("Content-Type", "application/x-www-form-urlencoded");
        assertEquals(200, check(form, "a=b").status());
        verified(check(Map.of(), ""), false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data; boundary=edge", "application/x-www-form-urlencoded"})
    void a_file_in_a_form_is_kept_nowhere(String type) throws Exception {
        Path uploads = Path.of("file-uploads"); // where Vert.x would
        Files.deleteIfExists(uploads);
        String body = "--edge\r\nContent-Disposition: form-data; name=a; filename=a.txt\r\n\r\nfile\r\n--edge--\r\n";
        assertEquals(200, check(Map.of("Content-Type", type), body).status());
        HttpRequest login = HttpRequest.newBuilder(URI.create(relay.managementUrl() + "/session"))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        int status = HttpClient.newHttpClient()
                .send(login, BodyHandlers.discarding())
                .statusCode();
        assertTrue(status < 500, "a page with " + status);
        assertFalse(Files.exists(uploads));
    }

    @Test
    void another_method_is_refused() {
        Answer answer = relay.client("").call("PUT", PATH, Map.of(), BodyPublishers.noBody());
        assertEquals(405, answer.status());
        assertEquals("GET, POST", answer.header("Allow"), "GET would ask about the event with this key");
    }

    private static int pauses(String site) {
        return JdbcClient.create(relay.bean(DataSource.class))
                .sql("SELECT count(*) FROM relay_pause WHERE site = ?")
                .param(site)
                .query(Integer.class)
                .single();
    }

    private void pause() {
        JdbcClient.create(relay.bean(DataSource.class))
                .sql("INSERT INTO relay_pause (site, reason, paused_at, paused_until)"
                        + " VALUES (?, 'it answered 401', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)")
                .param("site-" + site)
                .update();
    }

    @Test
    void a_check_that_is_good_ends_the_pause_of_the_site_and_one_that_is_not_changes_nothing() {
        pause();
        wordpress.stubFor(post(CHECK).willReturn(aResponse().withStatus(401)));
        verified(check(), true);
        assertEquals(1, pauses("site-" + site));
        wordpress.stubFor(post(CHECK).willReturn(okJson(GOOD)));
        await().untilAsserted(() -> {
            verified(check(), true);
            assertEquals(0, pauses("site-" + site));
        });
        wordpress.stubFor(post(CHECK).willReturn(aResponse().withStatus(401)));
        verified(check(), true);
        assertEquals(0, pauses("site-" + site), "a check pauses nothing");
    }
}

package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.ProviderGuard;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import events.Attempt;
import events.Event;
import events.EventLog;
import events.PermanentFailure;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.Client.Answer;

/** From the queue to WordPress and to whatever goes wrong on the way; WordPress and the AI server are over the wire. */
class ProcessEventTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RESULTS = "/wp-json/ai-relay/v1/results";
    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String API_KEY = "sk-a-key-that-nobody-may-see";
    private static final String ENRICHMENT = """
            {"summary":"The bridge will be repaired.","seo_title":"Old bridge","seo_description":"The council decided.",
             "keywords":["bridge","council"],"language":"en"}""";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer wordpress;
    static WireMockServer ai;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        wordpress = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        ai = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        ai.start();
        relay = new TestRelay(dataDir)
                .bringingResultsTo(wordpress.baseUrl() + "/")
                .with("WP_RELAY_SECRET_NEXT", "the next secret")
                .with("AI_PROVIDER", "openai")
                .with("AI_BASE_URL", ai.baseUrl() + "/v1/")
                .with("AI_API_KEY", API_KEY)
                .with("AI_MODEL", "a-model")
                .with("AI_TIMEOUT", "1s")
                .with("RELAY_RETRY_DELAYS", "200ms,200ms")
                .startReady();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        wordpress.stop();
        ai.stop();
    }

    @BeforeEach
    void allIsWell() {
        database().sql("DELETE FROM relay_pause").update();
        // What an earlier test asked is to be asked again.
        database().sql("UPDATE relay_answer SET question = NULL").update();
        wordpress.resetAll();
        ai.resetAll();
        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        ai.stubFor(post(COMPLETIONS).willReturn(okJson(Completions.of(ENRICHMENT))));
    }

    private static JdbcClient database() {
        return JdbcClient.create(relay.bean(DataSource.class));
    }

    private static Event send(Object body, String key) {
        assertEquals(202, relay.client().send(key, body.toString()).status());
        return event(key);
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static Event awaitStatus(String key, String status) {
        await().atMost(Duration.ofSeconds(20)).until(() -> event(key).status().equals(status));
        return event(key);
    }

    private static String sendPostAndAwait(String status) {
        String key = Samples.key();
        send(Samples.post(key).put("revision", "r1"), key);
        awaitStatus(key, status);
        return key;
    }

    private static List<LoggedRequest> callBacks() {
        return wordpress.findAll(postRequestedFor(urlPathEqualTo(RESULTS)));
    }

    private static List<LoggedRequest> questions() {
        return ai.findAll(postRequestedFor(urlPathEqualTo(COMPLETIONS)));
    }

    @Test
    void the_result_of_a_post_comes_to_wordpress_with_both_proofs() throws IOException {
        String key = sendPostAndAwait("done");
        LoggedRequest request = callBacks().get(0);
        assertEquals(key + ":enrich_post", request.getHeader("Idempotency-Key"));
        assertEquals(
                "Basic " + Base64.getEncoder().encodeToString("relay:abcd efgh ijkl".getBytes(StandardCharsets.UTF_8)),
                request.getHeader("Authorization"));
        assertTrue(request.getHeader("X-WP-Signature")
                .startsWith(Client.sign(TestRelay.SECRET, request.getHeader("X-WP-Timestamp"), request.getBody())));
        JsonNode body = JSON.readTree(request.getBody());
        assertEquals("post.published", body.get("event").asText());
        assertEquals(key, body.get("idempotency_key").asText());
        assertEquals("enrich_post", body.get("action").asText());
        assertEquals(JSON.readTree("{\"type\":\"post\",\"id\":42}"), body.get("target"));
        assertEquals("r1", body.get("revision").asText());
        assertEquals("openai", body.get("provider").asText());
        assertEquals("a-model-2026", body.get("model").asText());
        assertEquals(JSON.readTree(ENRICHMENT), body.get("result"));
        assertEquals("applied", event(key).callBack());
        assertEquals(JSON.readTree(ENRICHMENT), JSON.readTree(event(key).result()));
    }

    @Test
    void an_event_waits_while_the_ai_is_left_alone_and_uses_up_no_retry() {
        CircuitBreaker breaker =
                relay.bean(ProviderGuard.class).outage("openai").breaker();
        breaker.transitionToForcedOpenState();
        String key = Samples.key();
        send(Samples.post(key), key);
        await().until(() -> event(key).error() != null);
        assertTrue(event(key).error().contains("left alone"), event(key).error());
        assertEquals("queued", event(key).status());
        assertEquals(0, event(key).retries());
        breaker.transitionToClosedState();
        awaitStatus(key, "done");
        assertEquals(1, questions().size());
    }

    @Test
    void an_event_that_has_waited_for_the_ai_as_long_as_its_retries_take_is_a_dead_letter() {
        CircuitBreaker breaker =
                relay.bean(ProviderGuard.class).outage("openai").breaker();
        breaker.transitionToForcedOpenState();
        String key = sendPostAndAwait("error");
        breaker.transitionToClosedState();
        assertTrue(event(key).error().contains("left alone"), event(key).error());
        assertEquals(2, event(key).attempts());
    }

    @Test
    void the_verdict_on_a_comment_comes_to_wordpress() throws IOException {
        ai.stubFor(post(COMPLETIONS)
                .willReturn(
                        okJson(Completions.of("{\"verdict\":\"spam\",\"confidence\":0.9,\"reason\":\"An offer.\"}"))));
        String key = Samples.key();
        send(Samples.comment(key, "Buy now"), key);
        awaitStatus(key, "done");
        JsonNode body = JSON.readTree(callBacks().get(0).getBody());
        assertEquals(JSON.readTree("{\"type\":\"comment\",\"id\":7}"), body.get("target"));
        assertEquals("spam", body.at("/result/verdict").asText());
        assertEquals(key + ":moderate_comment", callBacks().get(0).getHeader("Idempotency-Key"));
    }

    @Test
    void the_content_of_a_post_is_fetched_when_the_event_came_without() {
        wordpress.stubFor(get("/wp-json/wp/v2/posts/42")
                .willReturn(okJson("{\"id\":42,\"content\":{\"rendered\":\"<p>A very special content.</p>\"},"
                        + "\"excerpt\":{\"rendered\":\"\"}}")));
        String key = Samples.key();
        send(Samples.guidePost(key), key);
        awaitStatus(key, "done");
        LoggedRequest fetch = wordpress
                .findAll(getRequestedFor(urlPathEqualTo("/wp-json/wp/v2/posts/42")))
                .get(0);
        assertTrue(fetch.getHeader("Authorization").startsWith("Basic "));
        String question = questions().get(0).getBodyAsString();
        assertTrue(question.contains("A very special content."), question);
        assertFalse(question.contains("<p>A very"), question);
    }

    @Test
    void nothing_of_ours_leaks_into_a_request() {
        sendPostAndAwait("done");
        for (LoggedRequest request : List.of(callBacks().get(0), questions().get(0))) {
            for (HttpHeader header : request.getHeaders().all()) {
                assertFalse(
                        header.key().toLowerCase(Locale.ROOT).matches("(relay|camel|jms|_amq|breadcrumb).*"),
                        header::key);
            }
        }
        assertEquals("Bearer " + API_KEY, questions().get(0).getHeader("Authorization"));
        assertFalse(questions().get(0).containsHeader("X-WP-Signature"));
        assertFalse(callBacks().get(0).getBodyAsString().contains(API_KEY));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503})
    void an_ill_wordpress_is_asked_again_and_the_ai_is_not(int status) {
        wordpress.stubFor(post(RESULTS)
                .inScenario("ill")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(status))
                .willSetStateTo("well"));
        wordpress.stubFor(post(RESULTS)
                .inScenario("ill")
                .whenScenarioStateIs("well")
                .willReturn(okJson("{\"status\":\"applied\"}")));
        String key = sendPostAndAwait("done");
        List<Attempt> attempts = relay.bean(EventLog.class).attempts(event(key).id());
        assertEquals(
                List.of("retry", "done"),
                attempts.stream().map(Attempt::outcome).toList());
        assertTrue(attempts.get(0).error().contains("answered " + status), attempts.get(0)::error);
        assertEquals(1, questions().size());
        // Byte for byte: the plugin refuses another body under the same key.
        assertEquals(
                1,
                callBacks().stream()
                        .map(LoggedRequest::getBodyAsString)
                        .distinct()
                        .count());
        assertEquals(
                1,
                callBacks().stream()
                        .map(request -> request.getHeader("Idempotency-Key"))
                        .distinct()
                        .count());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 409, 422})
    void an_answer_that_no_retry_mends_makes_a_dead_letter_at_once(int status) {
        wordpress.stubFor(post(RESULTS)
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Location", "http://127.0.0.1:1/")
                        .withBody("{\"error\":\"no\"}")));
        String key = sendPostAndAwait("error");
        assertEquals(1, event(key).attempts());
        assertTrue(event(key).error().contains("answered " + status), () -> event(key)
                .error());
        assertEquals(1, callBacks().size());
    }

    @Test
    void a_dead_letter_is_replayed_with_the_answer_that_was_paid_for() {
        wordpress.stubFor(post(RESULTS).willReturn(aResponse().withStatus(404)));
        String key = sendPostAndAwait("error");
        await().until(() -> deadLetters(key).size() == 1);
        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        assertEquals(202, operate("POST", "/events/" + key + "/replay").status());
        awaitStatus(key, "done");
        assertEquals(1, questions().size());
        assertEquals(List.of(), deadLetters(key));
        assertEquals(409, operate("POST", "/events/" + key + "/replay").status());
    }

    @Test
    void a_dead_letter_says_why_and_for_whom() {
        wordpress.stubFor(post(RESULTS).willReturn(aResponse().withStatus(403)));
        String key = sendPostAndAwait("error");
        await().untilAsserted(() -> assertEquals(1, deadLetters(key).size()));
        assertTrue(deadLetters(key).get(0).contains("answered 403"));
    }

    /** The reasons of the dead letters of an event, without taking them away. */
    private static List<String> deadLetters(String key) {
        org.springframework.jms.core.JmsTemplate template =
                new org.springframework.jms.core.JmsTemplate(relay.bean(jakarta.jms.ConnectionFactory.class));
        return template.browseSelected("relay.dead-letters", "RelayKey = '" + key + "'", (session, browser) -> {
            List<String> reasons = new java.util.ArrayList<>();
            for (Object message : java.util.Collections.list(browser.getEnumeration())) {
                reasons.add(((jakarta.jms.Message) message).getStringProperty("RelayReason"));
            }
            return reasons;
        });
    }

    private static Answer operate(String method, String path) {
        return operate(method, path, Map.of());
    }

    @Test
    void a_failure_that_lasts_past_all_retries_makes_a_dead_letter() {
        wordpress.stubFor(post(RESULTS).willReturn(aResponse().withStatus(500)));
        String key = sendPostAndAwait("error");
        assertEquals(3, event(key).attempts());
        assertEquals(1, questions().size());
    }

    @Test
    void wordpress_says_when_to_come_again_and_is_obeyed() {
        wordpress.stubFor(post(RESULTS).willReturn(aResponse().withStatus(503).withHeader("Retry-After", "3600")));
        String key = Samples.key();
        send(Samples.post(key), key);
        await().until(() -> event(key).retries() == 1);
        // With the configured delays of 200 ms it would be tried again before the next event is through.
        String other = Samples.key();
        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        send(Samples.post(other), other);
        awaitStatus(other, "done");
        send(Samples.post(other + "-2"), other + "-2");
        awaitStatus(other + "-2", "done");
        assertEquals("queued", event(key).status());
        assertEquals(1, event(key).attempts());
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_connection_that_breaks_is_tried_again(Fault fault) {
        broken(post(RESULTS), aResponse().withFault(fault));
        String key = sendPostAndAwait("done");
        assertEquals(2, event(key).attempts());
    }

    @Test
    void a_page_that_is_not_from_the_plugin_does_not_count_as_applied() {
        broken(post(RESULTS), aResponse().withStatus(200).withBody("<html>Briefly unavailable for maintenance"));
        String key = sendPostAndAwait("done");
        assertEquals(2, event(key).attempts());
    }

    private static void broken(
            com.github.tomakehurst.wiremock.client.MappingBuilder request, ResponseDefinitionBuilder answer) {
        wordpress.stubFor(request.inScenario("broken")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(answer)
                .willSetStateTo("well"));
        wordpress.stubFor(post(RESULTS)
                .inScenario("broken")
                .whenScenarioStateIs("well")
                .willReturn(okJson("{\"status\":\"applied\"}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rubbish", "{\"summary\":1}", "[]"})
    void an_ai_that_talks_rubbish_is_told_so_once_and_then_it_is_a_dead_letter_with_a_reason(String content) {
        ai.stubFor(post(COMPLETIONS).willReturn(okJson(Completions.of(content))));
        String key = sendPostAndAwait("error");
        String error = event(key).error();
        assertTrue(error.startsWith("The ") && error.endsWith("(WrongAnswer)"), error);
        assertEquals(1, event(key).attempts());
        assertEquals(2, questions().size());
        assertTrue(callBacks().isEmpty());
    }

    @Test
    void an_ai_that_says_nothing_is_asked_again_later() {
        ai.stubFor(post(COMPLETIONS).willReturn(okJson(Completions.of(""))));
        String key = sendPostAndAwait("error");
        assertTrue(event(key).error().contains("answered nothing"), event(key).error());
        assertEquals(3, event(key).attempts());
        assertEquals(3, questions().size());
    }

    @Test
    void who_looks_at_the_health_sees_that_the_ai_is_left_alone_and_that_the_relay_is_ready() throws Exception {
        CircuitBreaker breaker =
                relay.bean(ProviderGuard.class).outage("openai").breaker();
        assertTrue(health().contains("\"openai:closed"), health());
        breaker.transitionToOpenState();
        assertTrue(health().contains("\"openai:open,"), health());
        assertTrue(health().startsWith("{\"status\":\"UP\""), health());
        assertTrue(metrics().contains("\nrelay_ai_provider_paused{provider=\"openai\"} 1.0"), metrics());
        breaker.transitionToClosedState();
        assertTrue(metrics().contains("\nrelay_ai_provider_paused{provider=\"openai\"} 0.0"), metrics());
    }

    private static String health() throws IOException, InterruptedException {
        return fetched("/observe/health").replaceAll("\\s", "");
    }

    @Test
    void an_ai_that_is_silent_is_given_up_in_time_and_asked_again() {
        ai.stubFor(post(COMPLETIONS)
                .inScenario("silent")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(okJson(Completions.of(ENRICHMENT)).withFixedDelay(10_000))
                .willSetStateTo("awake"));
        ai.stubFor(post(COMPLETIONS)
                .inScenario("silent")
                .whenScenarioStateIs("awake")
                .willReturn(okJson(Completions.of(ENRICHMENT))));
        assertEquals(2, event(sendPostAndAwait("done")).attempts());
    }

    @Test
    void a_key_that_the_ai_server_echoes_is_kept_out_of_the_error() {
        ai.stubFor(post(COMPLETIONS)
                .willReturn(aResponse().withStatus(401).withBody("{\"error\":\"wrong key " + API_KEY + "\"}")));
        String key = sendPostAndAwait("error");
        assertTrue(
                event(key).error().contains("wrong key ***"), () -> event(key).error());
        assertFalse(operate("GET", "/events/" + key).body().toString().contains(API_KEY));
    }

    @Test
    void a_site_that_refuses_our_credentials_costs_one_event_and_the_others_wait() throws Exception {
        wordpress.stubFor(post(RESULTS).willReturn(aResponse().withStatus(401)));
        sendPostAndAwait("error");
        List<String> keys = List.of(Samples.key(), Samples.key(), Samples.key());
        keys.forEach(key -> send(Samples.post(key), key));
        for (String key : keys) {
            await().until(() ->
                    event(key).status().equals("queued") && event(key).error() != null);
            assertTrue(event(key).error().contains("call-backs to site 'default' are paused"), () -> event(key)
                    .error());
            assertEquals(0, event(key).retries());
        }
        await().until(() -> metrics().contains("\nrelay_site_paused{site=\"default\"} 1.0"));
        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        keys.forEach(key -> awaitStatus(key, "done"));
        await().until(() -> metrics().contains("\nrelay_site_paused{site=\"default\"} 0.0"));
    }

    @Test
    void events_wait_for_a_site_that_an_operator_paused_until_it_is_resumed() {
        assertEquals(404, operate("POST", "/sites/no-such-site/pause").status());
        assertEquals(
                422,
                operate("POST", "/sites/default/pause?until=2020-01-01T00:00:00Z")
                        .status());
        JsonNode paused = operate("POST", "/sites/default/pause?until=2h&reason=it%20is%20moved")
                .body();
        assertEquals("it is moved", paused.at("/pauses/0/reason").asText(), paused.toString());
        String key = Samples.key();
        send(Samples.post(key), key);
        await().until(() -> event(key).status().equals("queued") && event(key).error() != null);
        assertTrue(event(key).error().contains("it is moved"), () -> event(key).error());
        assertEquals(0, event(key).retries());
        await().until(() -> metrics().contains("\nrelay_site_paused{site=\"default\"} 1.0"));
        wordpress.verify(0, postRequestedFor(urlPathEqualTo(RESULTS)));
        assertTrue(
                operate("POST", "/sites/default/resume").body().get("changed").asBoolean());
        await().atMost(Duration.ofSeconds(30)).until(() -> event(key).status().equals("done"));
        await().until(() -> metrics().contains("\nrelay_site_paused{site=\"default\"} 0.0"));
        assertFalse(
                operate("POST", "/sites/default/resume").body().get("changed").asBoolean());
    }

    @Test
    void a_site_without_the_plugin_costs_one_event_and_only_the_plugin_ends_the_pause() throws Exception {
        wordpress.stubFor(post(RESULTS)
                .willReturn(aResponse()
                        .withStatus(404)
                        .withHeader("Content-Type", "application/json")
                        .withBody("{\"code\":\"rest_no_route\",\"message\":\"No route was found\"}")));
        sendPostAndAwait("error");
        String key = Samples.key();
        send(Samples.post(key), key);
        await().until(() -> event(key).status().equals("queued") && event(key).error() != null);
        assertTrue(event(key).error().contains("check that the plugin is active"), () -> event(key)
                .error());

        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"maintenance\":true}")));
        await().atMost(Duration.ofSeconds(30)).until(() -> event(key).error().contains("not from the plugin"));
        await().until(() -> metrics().contains("\nrelay_site_paused{site=\"default\"} 1.0"));

        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        awaitStatus(key, "done");
        await().until(() -> metrics().contains("\nrelay_site_paused{site=\"default\"} 0.0"));
    }

    @Test
    void a_silent_site_keeps_half_of_the_workers_at_most() {
        wordpress.stubFor(
                post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}").withFixedDelay(5_000)));
        String first = Samples.key();
        send(Samples.post(first), first);
        await().until(() -> callBacks().size() == 1);
        String second = Samples.key();
        await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
        send(Samples.post(second), second);
        await().until(() -> event(second).error() != null);
        assertEquals("processing", event(first).status());
        assertEquals(
                "waits, since site 'default' does not answer in time",
                event(second).error());
        assertEquals(1, callBacks().size());
        awaitStatus(second, "done");
        assertEquals(0, event(second).retries());
    }

    @Test
    void an_event_whose_message_was_lost_is_found_and_worked_on() throws IOException {
        wordpress.stubFor(post(RESULTS).willReturn(aResponse().withStatus(503).withHeader("Retry-After", "3600")));
        String key = Samples.key();
        send(Samples.post(key), key);
        await().until(() -> event(key).retries() == 1);
        // As if its try had been due long ago, and no message had come.
        OffsetDateTime longAgo = OffsetDateTime.now().minusMinutes(10);
        database()
                .sql("UPDATE relay_event SET dispatched_at = ?, started_at = ?, due_at = ? WHERE idempotency_key = ?")
                .params(longAgo, longAgo, longAgo, key)
                .update();
        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        try (ProducerTemplate producer = relay.context().createProducerTemplate()) {
            producer.sendBodyAndHeader(
                    "activemq:queue:relay.events", "watermark", RecoverStranded.WATERMARK, System.currentTimeMillis());
        }
        awaitStatus(key, "done");
    }

    /** One that waits in no queue yet, as a dispatcher has it in hand. */
    private static UUID recorded(String key, Object body) {
        UUID id = EventLog.nextId();
        database()
                .sql("""
                        INSERT INTO relay_event
                            (id, site, idempotency_key, event, payload, request_id, received_at, dispatched_at)
                        VALUES (?, 'default', ?, 'post.published', ?, 'request', ?, ?)""")
                .params(
                        id,
                        key,
                        body.toString().getBytes(StandardCharsets.UTF_8),
                        OffsetDateTime.now(),
                        OffsetDateTime.now())
                .update();
        return id;
    }

    private static String recordedPost(List<UUID> ids) {
        String key = Samples.key();
        ids.add(recorded(key, Samples.post(key)));
        return key;
    }

    private static void sendMessage(List<UUID> ids) throws IOException {
        try (ProducerTemplate producer = relay.context().createProducerTemplate()) {
            producer.sendBodyAndHeader(
                    "activemq:queue:relay.events",
                    ids.stream().map(UUID::toString).collect(Collectors.joining("\n")),
                    "RelayReplays",
                    0);
        }
    }

    private static void wordpressAnswers(String key, int status) {
        wordpress.stubFor(post(RESULTS)
                .withRequestBody(containing(key))
                .willReturn(aResponse().withStatus(status)));
    }

    @Test
    void events_that_share_a_message_have_each_its_own_end() throws Exception {
        List<UUID> ids = new ArrayList<>();
        String first = recordedPost(ids);
        String refused = recordedPost(ids);
        String ill = recordedPost(ids);
        String noPost = Samples.key();
        ids.add(recorded(noPost, "{}"));
        String last = recordedPost(ids);
        wordpressAnswers(refused, 403);
        wordpressAnswers(ill, 503);
        sendMessage(ids);
        awaitStatus(first, "done");
        awaitStatus(last, "done");
        awaitStatus(refused, "error");
        awaitStatus(noPost, "error");
        awaitStatus(ill, "error");
        // Not their attempts: on a machine that is busy, who is not begun within a second is claimed once more.
        assertEquals(
                List.of(0, 0, 0, 2),
                List.of(first, last, refused, ill).stream()
                        .map(key -> event(key).retries())
                        .toList());
        await().until(() -> deadLetters(refused).size() == 1 && deadLetters(ill).size() == 1);
        assertEquals(List.of(), deadLetters(first));
    }

    @Test
    void a_failure_that_cannot_be_written_down_changes_nothing_for_the_others_of_its_message() throws Exception {
        List<UUID> ids = new ArrayList<>();
        String refused = recordedPost(ids);
        String refusedLater = recordedPost(ids);
        String well = recordedPost(ids);
        wordpressAnswers(refused, 403);
        wordpressAnswers(refusedLater, 403);
        AtomicBoolean isAway = new AtomicBoolean();
        wordpress.addMockServiceRequestListener((request, response) -> {
            if (request.getBodyAsString().contains(refusedLater) && isAway.compareAndSet(false, true)) {
                database()
                        .sql("ALTER TABLE relay_attempt RENAME TO relay_attempt_away")
                        .update();
            }
        });
        sendMessage(ids);
        try {
            awaitStatus(well, "done");
            await().until(() -> event(refusedLater).attempts() >= 2);
        } finally {
            database()
                    .sql("ALTER TABLE relay_attempt_away RENAME TO relay_attempt")
                    .update();
        }
        awaitStatus(refusedLater, "error");
        await().until(() ->
                deadLetters(refused).size() == 1 && deadLetters(refusedLater).size() == 1);
        assertEquals(0, event(refused).retries());
    }

    @Test
    void who_shares_a_message_with_one_that_takes_long_does_not_wait_for_it() throws Exception {
        List<UUID> ids = new ArrayList<>();
        String slow = recordedPost(ids);
        List<String> others = List.of(recordedPost(ids), recordedPost(ids));
        wordpress.stubFor(post(RESULTS)
                .withRequestBody(containing(slow))
                .willReturn(okJson("{\"status\":\"applied\"}").withFixedDelay(1200)));
        sendMessage(ids);
        awaitStatus(slow, "done");
        for (String key : others) {
            awaitStatus(key, "done");
            assertEquals(2, event(key).attempts(), "the first is the claim of its message");
            assertEquals(0, event(key).retries());
        }
        assertEquals(3, questions().size());
    }

    @Test
    void what_a_route_says_wordpress_answered_has_to_fit_into_the_event_log() {
        Exchange exchange = new DefaultExchange(relay.context());
        exchange.getMessage().setHeader("RelayCallBack", "x".repeat(65));
        WorkSteps steps = WorkSteps.of(relay.context());
        PermanentFailure failure = assertThrows(PermanentFailure.class, () -> steps.end(exchange));
        assertTrue(failure.getMessage().contains("RelayCallBack"), failure.getMessage());
    }

    @Test
    void while_the_event_log_is_away_events_that_share_a_message_wait_together() throws Exception {
        List<UUID> ids = new ArrayList<>();
        List<String> keys = List.of(recordedPost(ids), recordedPost(ids), recordedPost(ids));
        wordpress.stubFor(
                post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}").withFixedDelay(100)));
        // While the last one is with WordPress: its answer is kept, and what is left is to record the ends.
        AtomicBoolean isAway = new AtomicBoolean();
        wordpress.addMockServiceRequestListener((request, response) -> {
            if (request.getBodyAsString().contains(keys.get(2)) && isAway.compareAndSet(false, true)) {
                database()
                        .sql("ALTER TABLE relay_event RENAME TO relay_event_away")
                        .update();
            }
        });
        sendMessage(ids);
        await().until(() -> callBacks().size() == 3 && isAway.get());
        try {
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
        } finally {
            database().sql("ALTER TABLE relay_event_away RENAME TO relay_event").update();
        }
        for (String key : keys) {
            awaitStatus(key, "done");
            assertEquals(0, event(key).retries());
            assertEquals(2, event(key).attempts());
        }
        assertEquals(3, questions().size());
    }

    @Test
    void a_message_that_comes_twice_has_one_effect() {
        String key = sendPostAndAwait("done");
        UUID id = event(key).id();
        try (ProducerTemplate producer = relay.context().createProducerTemplate()) {
            producer.sendBody("activemq:queue:relay.events", id.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        sendPostAndAwait("done");
        assertEquals(1, event(key).attempts());
        assertEquals(2, callBacks().size());
    }

    @Test
    void a_dispatch_whose_mark_was_lost_is_repeated_without_effect_and_holds_up_nobody() {
        String key = sendPostAndAwait("done");
        // As if the database had lost its commit after the broker's.
        JdbcClient database = database();
        database.sql("UPDATE relay_event SET dispatched_at = NULL WHERE idempotency_key = ?")
                .param(key)
                .update();
        sendPostAndAwait("done");
        await().until(() -> database.sql("SELECT count(*) FROM relay_event WHERE dispatched_at IS NULL")
                        .query(Integer.class)
                        .single()
                == 0);
        assertEquals(1, event(key).attempts());
    }

    @Test
    void while_the_event_log_is_away_no_retry_is_used_up() {
        JdbcClient database = database();
        database.sql("ALTER TABLE relay_answer RENAME TO relay_answer_away").update();
        String key = Samples.key();
        send(Samples.post(key), key);
        try {
            await().until(() -> event(key).attempts() >= 1);
        } finally {
            database.sql("ALTER TABLE relay_answer_away RENAME TO relay_answer").update();
        }
        awaitStatus(key, "done");
        assertEquals(0, event(key).retries());
    }

    @Test
    void while_secrets_are_exchanged_a_call_back_proves_itself_with_both() {
        sendPostAndAwait("done");
        LoggedRequest request = callBacks().get(0);
        String timestamp = request.getHeader("X-WP-Timestamp");
        assertEquals(
                Client.sign(TestRelay.SECRET, timestamp, request.getBody()) + ","
                        + Client.sign("the next secret", timestamp, request.getBody()),
                request.getHeader("X-WP-Signature"));
    }

    @Test
    void a_page_in_a_browser_cannot_use_the_events() {
        URI events = URI.create(relay.managementUrl() + "/events");
        assertEquals(
                200,
                Client.call("GET", events, Map.of(), BodyPublishers.noBody()).status());
        Map<String, String> foreign = Map.of("Origin", "https://example.test");
        assertEquals(
                403,
                Client.call("GET", events, foreign, BodyPublishers.noBody()).status());
        assertEquals(403, operate("POST", "/events/any/replay", foreign).status());
    }

    private static Answer operate(String method, String path, Map<String, String> headers) {
        return Client.call(method, URI.create(relay.managementUrl() + path), headers, BodyPublishers.noBody());
    }

    @Test
    void an_answer_without_end_ends_the_attempt() {
        broken(post(RESULTS), aResponse().withStatus(200).withBody("x".repeat(5 * 1024 * 1024)));
        assertEquals(2, event(sendPostAndAwait("done")).attempts());
    }

    @Test
    void a_message_that_is_no_event_becomes_a_dead_letter_and_does_not_come_back() throws IOException {
        try (ProducerTemplate producer = relay.context().createProducerTemplate()) {
            producer.sendBodyAndHeader("activemq:queue:relay.events", "rubbish", "RelayKey", "nobody");
        }
        await().untilAsserted(() -> assertTrue(
                deadLetters("nobody").contains("a message in relay.events does not hold the id of an event")));
    }

    @Test
    void events_are_listed_and_shown_on_the_management_port() {
        String key = sendPostAndAwait("done");
        JsonNode listed = operate("GET", "/events?search=" + key).body().get("events");
        assertEquals(1, listed.size());
        assertEquals("done", listed.get(0).get("status").asText());
        JsonNode shown = operate("GET", "/events/" + key).body();
        assertEquals(42, shown.at("/payload/post_id").asInt());
        assertEquals("done", shown.at("/history/0/outcome").asText());
        assertEquals("applied", shown.get("call_back").asText());
        assertEquals(404, operate("GET", "/events/no-such-key").status());
        assertEquals(422, operate("GET", "/events?since=yesterday").status());
    }

    private static String metrics() throws IOException, InterruptedException {
        return fetched("/observe/metrics");
    }

    private static String fetched(String path) throws IOException, InterruptedException {
        return java.net.http.HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(URI.create(relay.managementUrl() + path))
                                .build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void what_happens_can_be_seen_in_the_metrics() throws IOException, InterruptedException {
        sendPostAndAwait("done");
        relay.client().send("k", "{");
        // Of the attempt before, at the latest: a meter moves just after the event log does.
        sendPostAndAwait("done");
        // What the database knows is some seconds old.
        await().until(() -> metrics().contains("\nrelay_outbox_depth 0.0"));
        String metrics = metrics();
        for (String sample : new String[] {
            "relay_events_total{event=\"post.published\",outcome=\"accepted\",site=\"default\"}",
            "relay_events_total{event=\"none\",outcome=\"invalid_json\",site=\"default\"}",
            "relay_ingress_seconds_bucket{le=",
            "relay_outbox_depth 0.0",
            "relay_outbox_oldest_seconds 0.0",
            "relay_queue_depth ",
            "relay_dead_letters ",
            "relay_automation_seconds_count{event=\"post.published\",outcome=\"done\"}",
            "relay_ai_requests_total{outcome=\"answered\",provider=\"openai\"}",
            "relay_ai_tokens_total{kind=\"in\"}",
            "relay_callbacks_total{outcome=\"applied\"}"
        }) {
            String line = "\n" + sample;
            assertTrue(metrics.contains(line), line + " is not in " + metrics);
        }
    }
}

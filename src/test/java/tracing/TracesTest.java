package tracing;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import events.Event;
import events.EventLog;
import events.QueuedEvent;
import events.ReceivedEvent;
import events.TraceParent;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.Answering;
import routes.Client;
import routes.Completions;
import routes.Samples;
import routes.TestRelay;
import tracing.OtlpReceiver.Received;

/** What a receiver of traces is given, over the wire; WordPress, the AI and the CRM are over the wire too. */
class TracesTest {
    private static final String RESULTS = "/wp-json/ai-relay/v1/results";
    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String WEBHOOK = "/hook/a-secret-path";
    private static final String ENRICHMENT =
            "{\"summary\":\"S.\",\"seo_title\":\"T\",\"seo_description\":\"D.\",\"keywords\":[\"k\"],\"language\":\"en\"}";
    private static final String QUALIFIED = "{\"category\":\"sales\",\"score\":82,\"summary\":\"Wants chairs.\"}";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String EACH = "each";
    private static final String ONCE_ONE_IS_HELD_BACK = "once one is held back";
    private static final String PLUGINS_SPAN = "00f067aa0ba902b7";
    private static final List<String> PATHS_OF_A_POST = List.of(
            "POST /webhooks/wp",
            "POST /webhooks/wp > relay.events publish",
            "POST /webhooks/wp > relay.events publish > process post.published",
            "POST /webhooks/wp > relay.events publish > process post.published > ask-ai enrich_post",
            "POST /webhooks/wp > relay.events publish > process post.published > ask-ai enrich_post > chat a-model",
            "POST /webhooks/wp > relay.events publish > process post.published > call-back-wordpress",
            "POST /webhooks/wp > relay.events publish > process post.published > call-back-wordpress"
                    + " > POST /ai-relay/v1/results");

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static OtlpReceiver receiver;
    static WireMockServer others;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        receiver = new OtlpReceiver();
        others = new WireMockServer(WireMockConfiguration.options()
                .dynamicPort()
                .extensions(
                        new Answering(EACH, TracesTest::letPass),
                        new Answering(ONCE_ONE_IS_HELD_BACK, TracesTest::applyLate)));
        others.start();
        relay = relay(dataDir).startReady();
    }

    /** A model that has no objection to any comment of a request. */
    private static ResponseDefinitionBuilder letPass(Request request) {
        JsonNode verdict = JsonNodeFactory.instance
                .objectNode()
                .put("verdict", "approve")
                .put("confidence", 0.9)
                .put("reason", "It is about the post.");
        return okJson(Completions.of(Completions.toEach(request.getBodyAsString(), comment -> verdict)));
    }

    /** The site answers once another event was held back from it, since nobody knew whether it would. */
    private static ResponseDefinitionBuilder applyLate(Request request) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> JdbcClient.create(relay.bean(DataSource.class))
                                .sql("SELECT count(*) FROM relay_event WHERE error LIKE 'waits, since site %'")
                                .query(Integer.class)
                                .single()
                        > 0);
        return okJson("{\"status\":\"applied\"}");
    }

    private static TestRelay relay(Path directory) {
        return new TestRelay(directory)
                .bringingResultsTo(others.baseUrl())
                .asking(others.baseUrl())
                .with("CRM_WEBHOOK_URL", others.baseUrl() + WEBHOOK)
                .with("CRM_WEBHOOK_SECRET", SECRET)
                .with("RELAY_RETRY_DELAYS", "100ms")
                // A comment waits no longer than for another: there are two workers.
                .with("AI_TOGETHER_WAIT", "5s")
                .with("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint())
                .with("OTEL_BSP_SCHEDULE_DELAY", "100");
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        others.stop();
        receiver.close();
    }

    @BeforeEach
    void allIsWell() {
        receiver.answer(200);
        others.resetAll();
        others.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        others.stubFor(post(WEBHOOK).willReturn(aResponse().withStatus(204)));
        others.stubFor(post(COMPLETIONS).willReturn(okJson(Completions.of(ENRICHMENT, 700, 200))));
    }

    private static void failsOnce(String path, ResponseDefinitionBuilder failure, String then) {
        others.stubFor(post(path)
                .inScenario(path)
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(failure)
                .willSetStateTo("well"));
        others.stubFor(post(path).inScenario(path).whenScenarioStateIs("well").willReturn(okJson(then)));
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static int send(ObjectNode event, String trace, String flags) {
        byte[] body = event.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers =
                relay.client().headers(event.get("idempotency_key").asText(), body);
        headers.put("traceparent", "00-" + trace + "-" + PLUGINS_SPAN + "-" + flags);
        return relay.client().post(headers, body).status();
    }

    private static String sent(ObjectNode event) {
        String trace = newTrace();
        assertEquals(202, send(event, trace, "01"));
        return trace;
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static void awaitStatus(String key, String status) {
        await().atMost(Duration.ofSeconds(20)).until(() -> event(key).status().equals(status));
    }

    /** Each span below its parent, in the order in which they began: {@code POST /webhooks/wp > relay.events publish > …}. */
    private static List<String> paths(List<Received> spans) {
        Map<String, Received> byId = spans.stream().collect(Collectors.toMap(Received::id, span -> span));
        return spans.stream().map(span -> path(span, byId)).sorted().toList();
    }

    private static String path(Received span, Map<String, Received> byId) {
        Received parent = byId.get(span.parent());
        return parent == null ? span.name() : path(parent, byId) + " > " + span.name();
    }

    private static Received one(List<Received> spans, String name) {
        List<Received> found =
                spans.stream().filter(span -> span.name().equals(name)).toList();
        assertEquals(1, found.size(), () -> name + " in " + paths(spans));
        return found.get(0);
    }

    @Test
    void a_post_is_one_trace_from_the_plugin_to_the_call_back() {
        String key = Samples.key();
        String trace = sent(Samples.post(key));
        List<Received> spans = receiver.await(trace, 7);
        assertEquals(PATHS_OF_A_POST, paths(spans));
        Received request = one(spans, "POST /webhooks/wp");
        assertEquals(PLUGINS_SPAN, request.parent());
        assertEquals(SpanKind.SPAN_KIND_SERVER, request.span().getKind());
        assertEquals("202", request.attribute("http.response.status_code"));
        assertEquals("accepted", request.attribute("relay.outcome"));
        assertEquals(event(key).requestId(), request.attribute("relay.request_id"));
        assertEquals("ai-relay", request.service());
        assertEquals(
                SpanKind.SPAN_KIND_PRODUCER,
                one(spans, "relay.events publish").span().getKind());
        Received process = one(spans, "process post.published");
        assertEquals(SpanKind.SPAN_KIND_CONSUMER, process.span().getKind());
        assertEquals("default", process.attribute("relay.site"));
        assertEquals("post.published", process.attribute("relay.event"));
        assertEquals(key, process.attribute("relay.key"));
        assertEquals("1", process.attribute("relay.attempt"));
        assertEquals("done", process.attribute("relay.outcome"));
        assertEquals(1, process.span().getLinksCount());
        Received asked = one(spans, "ask-ai enrich_post");
        assertEquals("openai", asked.attribute("gen_ai.provider.name"));
        assertEquals("700", asked.attribute("gen_ai.usage.input_tokens"));
        assertEquals("200", asked.attribute("gen_ai.usage.output_tokens"));
        assertEquals(
                SpanKind.SPAN_KIND_CLIENT, one(spans, "chat a-model").span().getKind());
        Received callBack = one(spans, "POST /ai-relay/v1/results");
        assertEquals(
                "00-" + trace + "-" + callBack.id() + "-01",
                others.findAll(postRequestedFor(urlPathEqualTo(RESULTS))).get(0).getHeader("traceparent"));
        assertNull(others.findAll(postRequestedFor(urlPathEqualTo(COMPLETIONS)))
                .get(0)
                .getHeader("traceparent"));
        assertTrue(event(key).traceparent().equals("00-" + trace + "-" + request.id() + "-01"));
    }

    @Test
    void what_one_relay_took_and_the_next_one_worked_on_is_one_trace() throws Exception {
        relay.context().getRouteController().stopRoute("process-event");
        String trace = sent(Samples.post(Samples.key()));
        receiver.await(trace, 2);
        relay.close();
        assertEquals(PATHS_OF_A_POST.subList(0, 2), paths(receiver.of(trace)));
        relay = relay(dataDir).startReady();
        assertEquals(PATHS_OF_A_POST, paths(receiver.await(trace, PATHS_OF_A_POST.size())));
    }

    @Test
    void no_span_has_what_the_event_says_in_it_nor_a_secret() {
        others.stubFor(post(COMPLETIONS).willReturn(okJson(Completions.of(QUALIFIED))));
        others.stubFor(post(WEBHOOK).willReturn(aResponse().withStatus(503).withBody("jane@example.test")));
        String key = Samples.key();
        String trace = sent(Samples.lead(key));
        awaitStatus(key, "error");
        List<Received> spans = receiver.await(trace, 12);
        assertEquals(
                2,
                paths(spans).stream()
                        .filter(path -> path.endsWith("notify-crm > POST"))
                        .count());
        for (String hidden :
                List.of("chairs", "jane@", "Jane", "a-secret-path", SECRET, TestRelay.SECRET, "abcd efgh")) {
            assertFalse(spans.toString().contains(hidden), hidden);
        }
    }

    @Test
    void each_attempt_has_a_span_with_its_number_below_the_message_that_brought_it() {
        failsOnce(RESULTS, aResponse().withStatus(503).withBody("a maintenance page"), "{\"status\":\"applied\"}");
        String key = Samples.key();
        String trace = sent(Samples.post(key));
        awaitStatus(key, "done");
        // The last one to end.
        await().until(() ->
                receiver.of(trace).stream().anyMatch(span -> "done".equals(span.attribute("relay.outcome"))));
        List<Received> spans = receiver.of(trace);
        List<Received> attempts =
                spans.stream().filter(span -> span.name().startsWith("process")).toList();
        assertEquals(
                List.of("1 retry", "2 done"),
                attempts.stream()
                        .map(span -> span.attribute("relay.attempt") + " " + span.attribute("relay.outcome"))
                        .toList());
        assertEquals(
                StatusCode.STATUS_CODE_ERROR, attempts.get(0).span().getStatus().getCode());
        String reason = attempts.get(0).span().getStatus().getMessage();
        assertTrue(reason.contains("answered 503"), reason);
        assertTrue(
                paths(spans)
                        .contains("POST /webhooks/wp > relay.events publish > process post.published"
                                + " > relay.events publish > process post.published"),
                () -> paths(spans).toString());
    }

    @Test
    void a_failed_ai_is_marked_where_it_failed_and_a_replay_goes_on_with_the_trace() {
        others.stubFor(post(COMPLETIONS).willReturn(aResponse().withStatus(400).withBody("no")));
        String key = Samples.key();
        String trace = sent(Samples.post(key));
        awaitStatus(key, "error");
        List<Received> dead = receiver.await(trace, 6);
        assertEquals(
                StatusCode.STATUS_CODE_ERROR,
                one(dead, "ask-ai enrich_post").span().getStatus().getCode());
        assertEquals("error", one(dead, "process post.published").attribute("relay.outcome"));
        one(dead, "relay.dead-letters publish");
        allIsWell();
        URI replay = URI.create(relay.managementUrl() + "/events/" + key + "/replay");
        assertEquals(
                202,
                Client.call("POST", replay, Map.of(), BodyPublishers.noBody()).status());
        awaitStatus(key, "done");
        List<Received> spans = receiver.await(trace, dead.size() + 6);
        assertEquals(
                List.of("error", "done"),
                spans.stream()
                        .filter(span -> span.name().startsWith("process"))
                        .map(span -> span.attribute("relay.outcome"))
                        .toList());
    }

    @Test
    void events_that_share_a_message_keep_each_its_trace() throws Exception {
        List<QueuedEvent> queued = new ArrayList<>();
        List<String> traces = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            traces.add(newTrace());
            queued.add(recorded(traces.get(i)));
        }
        try (ProducerTemplate producer = relay.context().createProducerTemplate()) {
            producer.sendBody("direct:queue-events", queued);
        }
        for (int i = 0; i < 3; i++) {
            List<Received> spans = receiver.await(traces.get(i), 6);
            // On a slow machine one may be held back, and come again in a message of its own.
            Received published = spans.stream()
                    .filter(span ->
                            span.attribute("messaging.batch.message_count").equals("3"))
                    .findFirst()
                    .orElseThrow();
            Received process = spans.stream()
                    .filter(span ->
                            span.name().startsWith("process") && span.parent().equals(published.id()))
                    .findFirst()
                    .orElseThrow();
            assertEquals(queued.get(i).key(), process.attribute("relay.key"));
        }
    }

    @Test
    void a_request_about_two_comments_is_in_the_trace_of_one_and_linked_to_the_other() {
        others.stubFor(post(COMPLETIONS).willReturn(aResponse().withTransformers(EACH)));
        String one = Samples.key();
        String other = Samples.key();
        List<String> traces =
                List.of(sent(Samples.comment(one, "A fine text")), sent(Samples.comment(other, "Indeed")));
        awaitStatus(one, "done");
        awaitStatus(other, "done");
        List<Received> spans = traces.stream()
                .flatMap(trace -> receiver.await(trace, 6).stream())
                .toList();
        Received chat = one(spans, "chat a-model");
        List<Received> asked = spans.stream()
                .filter(span -> span.name().equals("ask-ai moderate_comment"))
                .toList();
        Received first = asked.stream()
                .filter(span -> span.id().equals(chat.parent()))
                .findFirst()
                .orElseThrow();
        assertEquals(1, chat.links().size());
        Received second = asked.stream()
                .filter(span -> span.id().equals(chat.links().get(0)))
                .findFirst()
                .orElseThrow();
        assertFalse(second.trace().equals(first.trace()));
    }

    @Test
    void one_that_was_held_back_from_its_site_has_a_second_attempt_which_asks_no_ai_again() {
        // So long that no answer of the site is fresh, and the call-back of one has to do without the other.
        others.stubFor(post(COMPLETIONS)
                .willReturn(okJson(Completions.of(ENRICHMENT, 700, 200)).withFixedDelay(1_100)));
        others.stubFor(post(RESULTS).willReturn(aResponse().withTransformers(ONCE_ONE_IS_HELD_BACK)));
        List<String> keys = List.of(Samples.key(), Samples.key());
        List<String> traces = keys.stream().map(key -> sent(Samples.post(key))).toList();
        keys.forEach(key -> awaitStatus(key, "done"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> traces.stream()
                                .mapToInt(trace -> receiver.of(trace).size())
                                .sum()
                        >= 2 * PATHS_OF_A_POST.size() + 4);
        List<Received> spans = traces.stream()
                .map(receiver::of)
                .max(Comparator.comparingInt(List::size))
                .orElseThrow();
        List<String> outcomes = spans.stream()
                .filter(span -> span.name().startsWith("process"))
                .map(span -> span.attribute("relay.outcome"))
                .toList();
        assertEquals(List.of("held", "done"), outcomes.stream().distinct().toList());
        List<String> names = spans.stream().map(Received::name).toList();
        assertEquals(outcomes.size(), Collections.frequency(names, "ask-ai enrich_post"), names::toString);
        assertEquals(1, Collections.frequency(names, "chat a-model"), names::toString);
    }

    /** In the queue already, as far as the dispatcher knows. */
    private static QueuedEvent recorded(String trace) {
        String key = Samples.key();
        String traceparent = "00-" + trace + "-" + PLUGINS_SPAN + "-01";
        UUID id = EventLog.nextId();
        byte[] payload = Samples.post(key).toString().getBytes(StandardCharsets.UTF_8);
        DataSource database = relay.bean(DataSource.class);
        new TransactionTemplate(new DataSourceTransactionManager(database)).executeWithoutResult(transaction -> {
            relay.bean(EventLog.class)
                    .add(new ReceivedEvent(id, "default", key, "post.published", payload, "request", traceparent));
            JdbcClient.create(database)
                    .sql("UPDATE relay_event SET dispatched_at = CURRENT_TIMESTAMP WHERE id = ?")
                    .param(id)
                    .update();
        });
        return new QueuedEvent(id, "default", key, "post.published", 0, traceparent);
    }

    @Test
    void who_is_not_verified_has_no_trace_and_who_does_not_want_one_neither() {
        String forged = newTrace();
        ObjectNode event = Samples.post(Samples.key());
        Map<String, String> headers = relay.client()
                .headers(event.get("idempotency_key").asText(), event.toString().getBytes(StandardCharsets.UTF_8));
        headers.put("traceparent", "00-" + forged + "-" + PLUGINS_SPAN + "-01");
        headers.put("X-WP-Signature", "0".repeat(64));
        assertEquals(
                401,
                relay.client()
                        .post(headers, event.toString().getBytes(StandardCharsets.UTF_8))
                        .status());
        String notSampled = newTrace();
        String key = Samples.key();
        assertEquals(202, send(Samples.post(key), notSampled, "00"));
        awaitStatus(key, "done");
        String last = sent(Samples.post(Samples.key()));
        receiver.await(last, 7);
        assertEquals(List.of(), receiver.of(forged));
        assertEquals(List.of(), receiver.of(notSampled));
        assertTrue(event(key).traceparent().startsWith("00-" + notSampled));
    }

    @Test
    void an_event_without_a_trace_begins_one_whose_id_is_recorded() {
        String key = Samples.key();
        assertEquals(202, relay.client().send(key, Samples.post(key).toString()).status());
        String trace = TraceParent.traceId(event(key).traceparent());
        assertEquals("", one(receiver.await(trace, 7), "POST /webhooks/wp").parent());
    }

    @Test
    void a_receiver_that_is_down_stops_nothing() {
        receiver.answer(500);
        int before = receiver.requests();
        String key = Samples.key();
        sent(Samples.post(key));
        awaitStatus(key, "done");
        await().until(() -> receiver.requests() > before);
        receiver.answer(200);
        receiver.await(sent(Samples.post(Samples.key())), 7);
    }
}

package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.ProviderGuard;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import events.Event;
import events.EventLog;
import events.Replays;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Batches from the queue to WordPress and to whatever goes wrong on the way; WordPress and the AI server are over the wire. */
class RunBatchTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ANSWER = """
            {"summary":"The bridge will be repaired.","seo_title":"Old bridge","seo_description":"The council decided.",
             "keywords":["bridge","council"],"language":"en","verdict":"approve","confidence":0.9,"reason":"A question."}""";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static BatchSite site;
    static WireMockServer ai;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        site = new BatchSite();
        ai = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        ai.start();
        relay = new TestRelay(dataDir)
                .bringingResultsTo(site.url())
                .asking(ai.baseUrl())
                .with("RELAY_RETRY_DELAYS", "200ms,200ms")
                .startReady();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        site.close();
        ai.stop();
    }

    @BeforeEach
    void allIsWell() {
        database().sql("DELETE FROM relay_pause").update();
        site.reset();
        ai.resetAll();
        ai.stubFor(post(COMPLETIONS).willReturn(okJson(completion())));
    }

    private static String completion() {
        return Completions.of(ANSWER);
    }

    private static JdbcClient database() {
        return JdbcClient.create(relay.bean(DataSource.class));
    }

    /** Of ids that no other test has: what an AI has answered of a post once it is not asked again. */
    private static String send(String task, LongStream ids) {
        return send(task, ids, null, false);
    }

    /** @param field that the event has beside, or null */
    private static String send(String task, LongStream ids, String field, boolean value) {
        String key = Samples.key();
        ObjectNode batch = Samples.batch(key, task, ids);
        if (field != null) {
            batch.put(field, value);
        }
        assertEquals(202, relay.client().send(key, batch.toString()).status());
        return key;
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static Event awaitStatus(String key, String status) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertEquals(status, event(key).status(), () -> String.valueOf(event(key))));
        return event(key);
    }

    private static JsonNode result(String key) throws IOException {
        return JSON.readTree(awaitStatus(key, "done").result());
    }

    private static void assertCounts(JsonNode result, int done, int failed) {
        assertEquals(done, result.get("done").asInt(), result::toString);
        assertEquals(failed, result.get("failed").asInt(), result::toString);
        assertEquals(done + failed, result.get("total").asInt(), result::toString);
        assertEquals(Math.min(50, failed), result.get("failures").size(), result::toString);
    }

    private static List<LoggedRequest> questions() {
        return ai.findAll(postRequestedFor(urlPathEqualTo(COMPLETIONS)));
    }

    private static void replay(String key) {
        assertTrue(relay.bean(Replays.class).replay(event(key).id(), true, "a test", ids -> {}));
    }

    @Test
    void each_post_gets_its_result_under_a_key_of_its_own_and_the_site_one_summary() throws IOException {
        String key = send("enrich_posts", LongStream.rangeClosed(1001, 1045));
        JsonNode result = result(key);
        assertCounts(result, 45, 0);
        assertEquals("enrich_posts", result.get("task").asText());
        assertEquals("applied", event(key).callBack());
        assertNull(event(key).error());

        assertEquals(45, site.results(key + ":enrich_post:").size());
        assertEquals(
                45,
                site.results(key + ":enrich_post:").stream()
                        .map(request -> request.getHeader("Idempotency-Key"))
                        .distinct()
                        .count());
        JsonNode body = BatchSite.body(site.results(key + ":enrich_post:1044").get(0));
        assertEquals("batch.requested", body.get("event").asText());
        assertEquals(key, body.get("idempotency_key").asText());
        assertEquals("enrich_post", body.get("action").asText());
        assertEquals(JSON.readTree("{\"type\":\"post\",\"id\":1044}"), body.get("target"));
        assertEquals("a-model-2026", body.get("model").asText());
        assertEquals("Old bridge", body.at("/result/seo_title").asText());

        List<LoggedRequest> summaries = site.results(key + ":run_batch");
        assertEquals(1, summaries.size());
        JsonNode summary = BatchSite.body(summaries.get(0));
        assertEquals(key + ":run_batch", summaries.get(0).getHeader("Idempotency-Key"));
        assertEquals("run_batch", summary.get("action").asText());
        assertEquals("batch", summary.at("/target/type").asText());
        assertEquals(key, summary.at("/target/id").asText());
        assertEquals(result, summary.get("result"));
        assertEquals(45, questions().size(), "one question a post");
        assertTrue(questions().get(0).getBodyAsString().contains("The council voted to repair it"));
    }

    @Test
    void posts_are_fetched_in_pages_with_the_password_of_the_site() throws IOException {
        result(send("enrich_posts", LongStream.rangeClosed(1, 45)));
        List<LoggedRequest> pages = site.questions("posts");
        assertEquals(3, pages.size(), pages::toString);
        for (LoggedRequest page : pages) {
            assertTrue(page.getHeader("Authorization").startsWith("Basic "));
            assertEquals("any", page.queryParameter("status").firstValue());
            assertEquals(
                    page.queryParameter("include").firstValue().split(",").length,
                    Integer.parseInt(page.queryParameter("per_page").firstValue()));
        }
    }

    @Test
    void an_id_that_comes_twice_is_worked_on_once() throws IOException {
        String key = send("enrich_posts", LongStream.of(7, 8, 7));
        assertCounts(result(key), 2, 0);
        assertEquals(1, site.results(key + ":enrich_post:7").size());
    }

    @Test
    void what_wordpress_does_not_have_or_not_show_has_failed_and_stops_no_other() throws IOException {
        String key = send("enrich_posts", LongStream.of(404, 50_005, 601, 50_006));
        JsonNode result = result(key);
        assertCounts(result, 2, 2);
        assertEquals(404, result.at("/failures/0/id").asInt());
        assertTrue(result.at("/failures/0/reason").asText().startsWith("not there, or not readable"));
        assertEquals(601, result.at("/failures/1/id").asInt());
        assertTrue(result.at("/failures/1/reason").asText().contains("password"));
        assertEquals(2, questions().size());
    }

    @Test
    void a_batch_of_which_nothing_can_be_done_is_a_dead_letter_and_the_site_is_told() throws IOException {
        String key = send("enrich_posts", LongStream.of(404, 405));
        Event dead = awaitStatus(key, "error");
        assertTrue(dead.error().contains("none of its 2 could be done; 404: not there"), dead.error());
        assertEquals(1, dead.attempts());
        assertCounts(BatchSite.body(site.results(key + ":run_batch").get(0)).get("result"), 0, 2);
    }

    @Test
    void a_call_back_that_fails_is_tried_again_by_itself_and_the_ai_not_asked_again() throws IOException {
        site.server()
                .stubFor(post(urlPathEqualTo(BatchSite.RESULTS))
                        .inScenario("once")
                        .whenScenarioStateIs("Started")
                        .withHeader("Idempotency-Key", containing(":enrich_post:2002"))
                        .willReturn(aResponse().withStatus(503))
                        .willSetStateTo("well"));
        String key = send("enrich_posts", LongStream.rangeClosed(2001, 2010));
        assertCounts(result(key), 10, 0);
        List<LoggedRequest> tries = site.results(key + ":enrich_post:2002");
        assertEquals(2, tries.size());
        assertEquals(tries.get(0).getBodyAsString(), tries.get(1).getBodyAsString());
        assertEquals(11, site.results(key + ":enrich_post:").size(), "no other was sent twice");
        assertEquals(10, questions().size());
    }

    @Test
    void what_no_retry_mends_or_none_is_left_for_has_failed_with_its_reason() throws IOException {
        site.answer(":enrich_post:3001", aResponse().withStatus(422).withBody("no such field, said Jane Doe"));
        site.answer(":enrich_post:3002", aResponse().withStatus(503));
        site.answer(":enrich_post:3003", aResponse().withStatus(404).withBody("{\"error\":\"target gone\"}"));
        String key = send("enrich_posts", LongStream.rangeClosed(3001, 3010));
        JsonNode result = result(key);
        assertCounts(result, 7, 3);
        assertTrue(result.at("/failures/0/reason").asText().contains("answered 422 ("), result::toString);
        assertTrue(result.at("/failures/1/reason").asText().contains("answered 503 ("), result::toString);
        assertTrue(result.at("/failures/2/reason").asText().contains("answered 404 ("), result::toString);
        assertEquals(1, site.results(key + ":enrich_post:3001").size());
        assertEquals(3, site.results(key + ":enrich_post:3002").size(), "both retries were used");
    }

    @Test
    void an_answer_of_the_ai_that_stays_unusable_fails_its_post_and_no_other() throws IOException {
        ai.stubFor(post(COMPLETIONS)
                .withRequestBody(containing("Part 4002."))
                .willReturn(okJson(completion().replace("The bridge will", "<<").replace("seo_title", "title"))));
        String key = send("enrich_posts", LongStream.rangeClosed(4001, 4004));
        JsonNode result = result(key);
        assertCounts(result, 3, 1);
        assertEquals(4002, result.at("/failures/0/id").asInt());
        assertTrue(result.at("/failures/0/reason").asText().contains("does not fit"), result::toString);
    }

    @Test
    void what_the_model_refuses_fails_its_post_at_once_and_is_not_paid_for_again() throws IOException {
        ai.stubFor(post(COMPLETIONS)
                .withRequestBody(containing("Part 12002."))
                .willReturn(okJson(
                        completion().replace("\"content\":", "\"refusal\":\"I would rather not.\",\"content\":"))));
        String key = send("enrich_posts", LongStream.rangeClosed(12_001, 12_004));
        JsonNode result = result(key);
        assertCounts(result, 3, 1);
        assertEquals(12_002, result.at("/failures/0/id").asInt());
        assertTrue(result.at("/failures/0/reason").asText().contains("refused"), result::toString);
        assertEquals(4, questions().size(), "each was asked once");
    }

    @Test
    void a_replay_does_what_has_failed_again_and_nothing_else() throws IOException {
        site.answer(":enrich_post:5003", aResponse().withStatus(422));
        String key = send("enrich_posts", LongStream.rangeClosed(5001, 5005));
        assertCounts(result(key), 4, 1);
        site.reset();
        ai.resetRequests();
        replay(key);
        assertCounts(result(key), 5, 0);
        assertEquals(1, site.results(key + ":enrich_post:").size());
        assertEquals(List.of(), questions(), "the answer was kept");
        assertEquals(key + ":run_batch:1", site.results(":run_batch").get(0).getHeader("Idempotency-Key"));
    }

    @Test
    void comments_of_any_status_are_judged_and_the_model_does_not_see_who_wrote_them() throws IOException {
        String key = send("moderate_comments", LongStream.rangeClosed(71, 73));
        assertCounts(result(key), 3, 0);
        assertEquals(
                "any",
                site.questions("comments").get(0).queryParameter("status").firstValue());
        JsonNode body =
                BatchSite.body(site.results(key + ":moderate_comment:72").get(0));
        assertEquals(JSON.readTree("{\"type\":\"comment\",\"id\":72}"), body.get("target"));
        assertEquals("approve", body.at("/result/verdict").asText());
        for (LoggedRequest question : questions()) {
            assertFalse(question.getBodyAsString().contains("Rita"), question::getBodyAsString);
            assertTrue(question.getBodyAsString().contains("[withheld]"));
            assertTrue(question.getBodyAsString().contains("The bridge – part 1"), "the title of the post");
        }
    }

    @Test
    void without_authors_nobody_asks_who_wrote_a_comment_or_tells_the_ai() throws IOException {
        assertCounts(result(send("moderate_comments", LongStream.of(76, 77), "authors", false)), 2, 0);
        String fields =
                site.questions("comments").get(0).queryParameter("_fields").firstValue();
        assertFalse(fields.contains("author"), fields);
        assertFalse(questions().isEmpty());
        for (LoggedRequest question : questions()) {
            assertFalse(question.getBodyAsString().contains("rita"), question::getBodyAsString);
            assertFalse(question.getBodyAsString().contains("author_name"), question::getBodyAsString);
        }
    }

    @Test
    void with_public_only_a_post_that_is_not_public_any_more_is_left_alone() throws IOException {
        JsonNode result = result(send("enrich_posts", LongStream.of(499, 500), "public_only", true));
        assertCounts(result, 1, 1);
        assertEquals(
                "is not public any more, so it is left alone",
                result.at("/failures/0/reason").asText());
        assertCounts(result(send("enrich_posts", LongStream.of(501))), 1, 0);
    }

    @Test
    void a_user_who_may_not_ask_for_all_is_given_what_is_public() throws IOException {
        site.server()
                .stubFor(get(urlPathMatching("/wp-json/wp/v2/.*"))
                        .withQueryParam("status", containing("any"))
                        .willReturn(aResponse().withStatus(403).withBody("{\"code\":\"rest_forbidden_param\"}")));
        assertCounts(result(send("moderate_comments", LongStream.of(81, 82))), 2, 0);
        assertEquals(2, site.questions("comments").size());
        assertFalse(site.questions("comments").get(1).queryParameter("status").isPresent());
    }

    @Test
    void a_page_that_cannot_be_fetched_uses_up_the_retries_of_the_batch_and_a_replay_goes_on() throws IOException {
        site.server()
                .stubFor(get(urlPathEqualTo("/wp-json/wp/v2/posts"))
                        .withQueryParam("include", containing("621"))
                        .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        String key = send("enrich_posts", LongStream.concat(LongStream.rangeClosed(101, 120), LongStream.of(621)));
        Event dead = awaitStatus(key, "error");
        assertEquals(4, dead.attempts(), "a page, and three tries of the next");
        assertEquals(20, site.results(key + ":enrich_post:").size());
        site.reset();
        replay(key);
        assertCounts(result(key), 21, 0);
        assertEquals(1, site.results(key + ":enrich_post:").size());
    }

    @Test
    void a_site_that_refuses_the_password_is_paused_and_the_batch_is_a_dead_letter_that_a_replay_goes_on_with()
            throws IOException {
        site.answer(":enrich_post:", aResponse().withStatus(401));
        site.answer(":enrich_post:9001", okJson("{\"status\":\"applied\"}"));
        String key = send("enrich_posts", LongStream.rangeClosed(9001, 9030));
        Event dead = awaitStatus(key, "error");
        assertTrue(dead.error().contains("answered 401"), dead.error());
        assertEquals(0, items(dead, "failed"));
        // 9001, unless another of its page was refused first and the site paused before its turn.
        int done = items(dead, "done");
        assertTrue(done <= 1, done + " are done");
        site.reset();
        database().sql("DELETE FROM relay_pause").update();
        replay(key);
        assertCounts(result(key), 30, 0);
        assertEquals(30 - done, site.results(key + ":enrich_post:").size());
    }

    private static int items(Event batch, String outcome) {
        return database()
                .sql("SELECT count(*) FROM relay_batch_item WHERE event_id = ? AND outcome = ?")
                .params(batch.id(), outcome)
                .query(Integer.class)
                .single();
    }

    @Test
    void a_batch_waits_while_its_site_is_paused_or_the_ai_left_alone_and_uses_up_no_retry() throws IOException {
        CircuitBreaker breaker =
                relay.bean(ProviderGuard.class).outage("openai").breaker();
        breaker.transitionToForcedOpenState();
        String key = send("enrich_posts", LongStream.rangeClosed(6001, 6030));
        await().atMost(PATIENCE).until(() -> String.valueOf(event(key).error()).contains("left alone"));
        assertEquals("queued", event(key).status());
        assertEquals(0, event(key).retries());
        breaker.transitionToClosedState();
        assertCounts(result(key), 30, 0);
        assertEquals(
                0,
                database()
                        .sql("SELECT count(*) FROM relay_batch_item WHERE event_id = ? AND retries > 0")
                        .param(event(key).id())
                        .query(Integer.class)
                        .single());
    }

    @Test
    void single_events_are_done_while_a_batch_is_on_its_way_and_its_status_says_how_far_it_is() {
        ai.stubFor(post(COMPLETIONS).willReturn(okJson(completion()).withFixedDelay(200)));
        String batch = send("enrich_posts", LongStream.rangeClosed(8001, 8200));
        await().atMost(PATIENCE)
                .until(() ->
                        relay.client().status(batch).body().at("/result/done").asInt() > 0);
        for (int number = 0; number < 5; number++) {
            String key = Samples.key();
            relay.client().send(key, Samples.post(key).toString());
            awaitStatus(key, "done");
        }
        JsonNode status = relay.client().status(batch).body();
        assertTrue(List.of("queued", "processing").contains(status.get("status").asText()), status::toString);
        assertTrue(status.at("/result/done").asInt() < 200, status::toString);
        assertEquals(200, status.at("/result/total").asInt(), status::toString);
        assertEquals(0, status.at("/result/failed").asInt(), status::toString);
        JsonNode shown = Client.call(
                        "GET",
                        URI.create(relay.managementUrl() + "/events/" + batch),
                        Map.of(),
                        BodyPublishers.noBody())
                .body();
        assertEquals(200, shown.at("/result/total").asInt(), shown::toString);
        erase(batch);
    }

    private static void erase(String key) {
        Client.call(
                "POST",
                URI.create(relay.managementUrl() + "/events/" + key + "/erase"),
                Map.of(),
                BodyPublishers.noBody());
    }

    @Test
    void several_batches_take_turns() throws IOException {
        ai.stubFor(post(COMPLETIONS).willReturn(okJson(completion()).withFixedDelay(50)));
        List<String> keys = LongStream.range(0, 3)
                .mapToObj(number ->
                        send("enrich_posts", LongStream.rangeClosed(10_000 + 100 * number, 10_059 + 100 * number)))
                .toList();
        // Each of them is begun before the first is done.
        await().atMost(PATIENCE)
                .until(() -> keys.stream().allMatch(key -> !site.results(key).isEmpty()));
        assertTrue(keys.stream().anyMatch(key -> !event(key).status().equals("done")));
        for (String key : keys) {
            assertCounts(result(key), 60, 0);
        }
        assertEquals(
                180,
                site.results(":enrich_post:").stream()
                        .map(request -> request.getHeader("Idempotency-Key"))
                        .collect(Collectors.toSet())
                        .size());
    }

    @Test
    void an_erased_batch_ends_and_nothing_of_it_is_left() throws IOException {
        ai.stubFor(post(COMPLETIONS).willReturn(okJson(completion()).withFixedDelay(200)));
        String key = send("enrich_posts", LongStream.rangeClosed(11_001, 11_200));
        await().atMost(PATIENCE).until(() -> !site.results(key).isEmpty());
        erase(key);
        // With two workers one batch is worked on at a time: when this one is done, that one is in nobody's hand.
        result(send("enrich_posts", LongStream.of(1)));
        assertEquals(
                0,
                database()
                        .sql("SELECT count(*) FROM relay_batch_item WHERE event_id = ?")
                        .param(event(key).id())
                        .query(Integer.class)
                        .single());
        assertEquals("error", event(key).status());
        assertNull(event(key).result());
        assertEquals(List.of(), site.results(key + ":run_batch"));
    }

    @Test
    void what_a_call_back_came_to_is_counted_for_each_item() throws IOException {
        var unchanged = relay.bean(MeterRegistry.class).counter("relay.callbacks", "outcome", "unchanged");
        double before = unchanged.count();
        site.answer(":enrich_post:77", okJson("{\"status\":\"unchanged\"}"));
        assertCounts(result(send("enrich_posts", LongStream.rangeClosed(7701, 7707))), 7, 0);
        assertEquals(before + 7, unchanged.count());
    }
}

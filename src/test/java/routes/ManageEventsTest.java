package routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import events.RetryDelays;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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
import statistics.BacklogSamples;

/** What an operator asks and does over HTTP: pages of events, one of them, how it goes, and a replay of some. */
class ManageEventsTest {
    private static final String RESULTS = "/wp-json/ai-relay/v1/results";
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer wordpress;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        wordpress = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        relay = new TestRelay(dataDir)
                .bringingResultsTo(wordpress.baseUrl())
                .with("RELAY_RETRY_DELAYS", "1h")
                .startReady();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        wordpress.stop();
    }

    private static void wordpressAnswers(int status) {
        wordpress.stubFor(WireMock.post(RESULTS)
                .willReturn(WireMock.aResponse().withStatus(status).withBody("{\"status\":\"applied\"}")));
    }

    private static Answer get(String path) {
        return Client.call("GET", URI.create(relay.managementUrl() + path), Map.of(), BodyPublishers.noBody());
    }

    private static Answer replay(String query, Map<String, String> headers, String body) {
        return Client.call(
                "POST",
                URI.create(relay.managementUrl() + "/events/replay" + query),
                headers,
                BodyPublishers.ofString(body));
    }

    private static JsonNode show(String key) {
        return get("/events/" + key).body();
    }

    /** The event's id, once it has the status. */
    private static String send(String key, String status) {
        Answer answer =
                relay.client().send(key, Samples.comment(key, "Well said.").toString());
        assertEquals(202, answer.status());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> show(key).path("status").asText().equals(status));
        return answer.body().path("id").asText();
    }

    private static List<String> texts(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    @Test
    void a_list_goes_on_from_page_to_page_and_back() {
        wordpressAnswers(200);
        String prefix = Samples.key();
        for (String key : List.of(prefix + "-1", prefix + "-2", prefix + "-3")) {
            send(key, "done");
        }
        String search = "/events?limit=2&search=" + prefix;
        JsonNode first = get(search).body();
        assertEquals(List.of(prefix + "-3", prefix + "-2"), texts(first.path("events"), "key"));
        assertFalse(first.has("previous"));
        JsonNode second = get(search + "&before=" + first.path("next").asText()).body();
        assertEquals(List.of(prefix + "-1"), texts(second.path("events"), "key"));
        assertFalse(second.has("next"));
        JsonNode back =
                get(search + "&after=" + second.path("previous").asText()).body();
        assertEquals(first.path("events"), back.path("events"));
        assertFalse(back.has("previous"));
        assertEquals(first.path("next"), back.path("next"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/events?limit=0",
                "/events?limit=201",
                "/events?limit=ten",
                "/events?before=1",
                "/events?search=",
                "/events?before=00000000-0000-7000-8000-000000000000&after=00000000-0000-7000-8000-000000000000",
                "/events?since=%2B999999999-12-31T23:59:59Z",
                "/events?until=-999999999-01-01T00:00:00Z",
                "/events?search=a%00b",
                "/events?site=%00",
                "/overview?since=yesterday",
                "/overview?since=99d",
                "/overview?since=1h&until=2h",
                "/overview?site=default"
            })
    void a_parameter_that_cannot_be_understood_is_refused(String path) {
        assertEquals(422, get(path).status());
    }

    @Test
    void an_event_tells_all_that_happened_to_it() {
        wordpressAnswers(200);
        String key = Samples.key();
        String id = send(key, "done");
        JsonNode shown = show(key);
        assertEquals(id, shown.path("id").asText());
        assertTrue(shown.path("waits").isNull());
        assertEquals(
                List.of("received", "queued", "AI answered", "called back", "attempt", "done"),
                texts(shown.path("timeline"), "what"));
        assertEquals("moderate_comment", shown.at("/answers/0/task").asText());
        assertTrue(shown.at("/answers/0/answer").has("verdict"), shown::toString);
        assertEquals(0, shown.path("replays").asInt());
        assertTrue(shown.path("batch").isNull());
    }

    @Test
    void an_event_that_waits_says_for_what_and_until_when() {
        wordpressAnswers(500);
        String key = Samples.key();
        relay.client().send(key, Samples.comment(key, "Well said.").toString());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> show(key).at("/waits/in").asText().equals("later"));
        JsonNode shown = show(key);
        assertTrue(shown.at("/waits/reason").asText().contains("answered 500"), shown::toString);
        assertFalse(shown.at("/waits/until").isNull());
        assertFalse(shown.at("/waits/held_back").asBoolean());
        assertEquals(2, shown.at("/tries/number").asInt());
        assertEquals(
                relay.bean(RetryDelays.class).tries(), shown.at("/tries/most").asInt());
        assertEquals(
                relay.bean(RetryDelays.class).after(1),
                Duration.between(
                        OffsetDateTime.parse(shown.at("/waits/until").asText()),
                        OffsetDateTime.parse(shown.at("/tries/last_at").asText())));
        List<String> timeline = texts(shown.path("timeline"), "what");
        assertEquals("next try", timeline.get(timeline.size() - 1));
        wordpressAnswers(200);
    }

    @Test
    void some_that_are_named_are_replayed_and_of_the_others_it_is_said_why_not() {
        wordpressAnswers(200);
        String done = send(Samples.key(), "done");
        wordpressAnswers(404);
        String key = Samples.key();
        String dead = send(key, "error");
        wordpressAnswers(200);
        String nobody = "01890000-0000-7000-8000-000000000000";
        String body = "{\"ids\":[\"" + done + "\",\"" + dead + "\",\"" + nobody + "\"]}";
        Answer dry = replay("?dry_run=true", JSON, body);
        assertEquals(200, dry.status());
        assertEquals(List.of(key), texts(dry.body().path("events"), "key"));
        assertEquals("error", show(key).path("status").asText());
        Answer replayed = replay("", JSON, body);
        assertEquals(202, replayed.status());
        assertEquals(List.of(dead), texts(replayed.body().path("events"), "id"));
        assertEquals(List.of(done, nobody), texts(replayed.body().path("skipped"), "id"));
        assertEquals(List.of("is done", "is not there"), texts(replayed.body().path("skipped"), "reason"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> show(key).path("status").asText().equals("done"));
        JsonNode shown = show(key);
        assertEquals(1, shown.path("replays").asInt());
        List<String> timeline = texts(shown.path("timeline"), "what");
        assertEquals("received", timeline.get(0));
        assertEquals(
                List.of("replayed", "queued again", "called back", "attempt", "done"),
                timeline.subList(timeline.indexOf("replayed"), timeline.size()));
        JsonNode before = shown.path("timeline").get(timeline.indexOf("attempt"));
        assertEquals("failed for good", before.path("text").asText(), shown::toPrettyString);
        assertTrue(before.path("error").asText().startsWith("answered 404"), shown::toPrettyString);
    }

    @Test
    void a_filter_with_a_name_that_nobody_knows_is_refused_and_says_which_there_are() {
        for (String path : List.of("/events?site=defautl", "/events?event=post.published&site=defautl")) {
            Answer answer = get(path);
            assertEquals(422, answer.status());
            assertEquals("site", answer.body().at("/details/0/field").asText());
            assertTrue(answer.body().at("/details/0/problem").asText().endsWith("there is default"));
        }
        assertEquals(422, replay("?event=post.publishd", Map.of(), "").status());
        assertEquals(
                422, replay("?event=post.publishd&dry_run=true", Map.of(), "").status());
        assertEquals(200, get("/events?event=lead.captured").status(), "there is none, but there could be");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 {",
                "422 {\"ids\":[]}",
                "422 {\"ids\":\"all\"}",
                "422 {\"ids\":[\"all\"]}",
                "422 {\"keys\":[\"a\"]}"
            })
    void a_body_that_might_mean_other_events_is_refused(String refused) {
        assertEquals(
                Integer.parseInt(refused.substring(0, 3)),
                replay("", JSON, refused.substring(4)).status());
    }

    @Test
    void ids_go_neither_with_filters_nor_in_another_form() {
        String body = "{\"ids\":[\"01890000-0000-7000-8000-000000000000\"]}";
        assertEquals(400, replay("?status=error", JSON, body).status());
        assertEquals(415, replay("", Map.of("Content-Type", "text/plain"), body).status());
    }

    @Test
    void a_dry_run_says_how_many_match_in_all() {
        wordpressAnswers(404);
        String prefix = Samples.key();
        send(prefix + "-1", "error");
        send(prefix + "-2", "error");
        wordpressAnswers(200);
        JsonNode dry = replay("?dry_run=true&search=" + prefix, Map.of(), "").body();
        assertEquals(2, dry.path("matching").asInt());
        assertTrue(dry.path("matching_is_exact").asBoolean());
    }

    @Test
    void the_overview_counts_requests_and_events_and_knows_what_waits_and_the_site() {
        JsonNode before = overview();
        wordpressAnswers(200);
        String key = Samples.key();
        send(key, "done");
        assertEquals(
                "duplicate",
                relay.client()
                        .send(key, Samples.comment(key, "Well said.").toString())
                        .body()
                        .path("status")
                        .asText());
        assertEquals(
                422,
                relay.client()
                        .send(
                                key + "-x",
                                Samples.comment(key + "-x", "")
                                        .put("comment_id", "no")
                                        .toString())
                        .status());
        wordpressAnswers(404);
        send(Samples.key(), "error");
        wordpressAnswers(200);
        JsonNode after = await().until(
                        ManageEventsTest::overview,
                        seen -> seen.at("/total/failed").asLong()
                                > before.at("/total/failed").asLong());
        assertEquals(
                List.of(2L, 1L, 1L, 1L, 1L),
                List.of("accepted", "duplicate", "rejected", "done", "failed").stream()
                        .map(name -> after.at("/total/" + name).asLong()
                                - before.at("/total/" + name).asLong())
                        .toList());
        assertTrue(after.at("/total/done_p50_ms").asDouble() > 0);
        assertTrue(after.at("/total/intake_p95_ms").asDouble() > 0);
        assertTrue(after.at("/now/dead/number").asLong() >= 1);
        assertTrue(after.at("/points").size() <= 120);
        JsonNode site = after.at("/sites/0");
        assertEquals("default", site.path("site").asText());
        assertFalse(site.path("is_silent").asBoolean());
        assertTrue(site.path("accepted").asLong() >= 2);
    }

    /** As of now: the relay's own timer samples what waits every minute. */
    private static JsonNode overview() {
        relay.bean(BacklogSamples.class).take();
        return get("/overview").body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events", "/overview", "/usage", "/sites/pauses"})
    void a_page_of_somebody_else_learns_nothing_but_who_may_ask(String path) {
        Answer answer = Client.call(
                "GET",
                URI.create(relay.managementUrl() + path),
                Map.of("Origin", "https://example.test"),
                BodyPublishers.noBody());
        assertEquals(403, answer.status());
        assertEquals(
                "the management interface answers programs on this machine only; for others set RELAY_ADMIN_TOKEN",
                answer.body().path("error").asText());
    }
}

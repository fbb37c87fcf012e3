package operations;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import events.Event;
import events.EventLog;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.Client;
import routes.Client.Answer;
import routes.Completions;
import routes.Samples;
import routes.TestRelay;

/** What a paid AI costs, and what it may, with one over the wire that uses 900 tokens for each answer. */
class MoneyTest {
    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String ENRICHMENT =
            "{\"summary\":\"S.\",\"seo_title\":\"T\",\"seo_description\":\"D.\",\"keywords\":[\"k\"],\"language\":\"en\"}";
    private static final String VERDICT = "{\"verdict\":\"spam\",\"confidence\":0.9,\"reason\":\"An offer.\"}";
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What is asked for a short comment is some 700 tokens, by its length. */
    private static final String SITES = """
            sites:
              - id: open
                secrets: [{key: open, secret: the secret of open}]
              - id: other
                secrets: [{key: other, secret: the secret of other}]
              - id: capped
                secrets: [{key: capped, secret: the secret of capped}]
                limits: {daily-tokens: 2300, daily-tokens-anonymous: 1200}
              - id: tiny
                secrets: [{key: tiny, secret: the secret of tiny}]
                limits: {daily-tokens: 10}
            """;

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static final MovableMidnight CLOCK = new MovableMidnight();
    static WireMockServer ai;
    static TestRelay relay;

    /** The time as it is, on a day that ends when the test likes. */
    private static final class MovableMidnight extends Clock {
        private static final int DAY = (int) Duration.ofDays(1).toSeconds();
        /** A zone is less than 18 hours from UTC, so in the second half of its day it is that of yesterday. */
        private final int behind = toMidnight() > DAY / 2 ? DAY : 0;

        private volatile ZoneId zone = ZoneOffset.UTC;

        private static int toMidnight() {
            return DAY - LocalTime.now(ZoneOffset.UTC).toSecondOfDay();
        }

        /** @param left of the day, up to five hours */
        void setMidnight(Duration left) {
            zone = ZoneOffset.ofTotalSeconds(toMidnight() - behind - (int) left.toSeconds());
        }

        @Override
        public Instant instant() {
            return Instant.now();
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return Clock.system(other);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        ai = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        ai.start();
        CLOCK.setMidnight(Duration.ofHours(5));
        relay = new TestRelay(dataDir)
                .with("WP_RELAY_SECRET", "")
                .with(
                        "RELAY_SITES_FILE",
                        Files.writeString(dataDir.resolve("sites.yaml"), SITES).toString())
                .asking(ai.baseUrl())
                .with("AI_TIMEOUT", "3s")
                .with("AI_PRICE_IN", "1")
                .with("AI_PRICE_OUT", "10.5")
                .with("RELAY_RETRY_DELAYS", "100ms")
                .with("RELAY_WORKERS", "8")
                .with(CLOCK)
                .startReady()
                .forCommands();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        ai.stop();
    }

    @BeforeEach
    void allIsWell() {
        ai.resetAll();
        answers(post(COMPLETIONS), okJson(completion(VERDICT)));
        answers(post(COMPLETIONS).withRequestBody(containing("seo_title")), okJson(completion(ENRICHMENT)));
    }

    private static void answers(MappingBuilder question, ResponseDefinitionBuilder answer) {
        ai.stubFor(question.willReturn(answer));
    }

    private static String completion(String content) {
        return Completions.of(content, 700, 200);
    }

    private static String send(String site, ObjectNode event) {
        String key = event.get("idempotency_key").asText();
        byte[] body = event.toString().getBytes(StandardCharsets.UTF_8);
        Client client = relay.client("the secret of " + site);
        Map<String, String> headers = client.headers(key, body);
        headers.put("X-WP-Key-Id", site);
        assertEquals(202, client.post(headers, body).status());
        return key;
    }

    private static String sendPost(String site) {
        return send(site, Samples.post(Samples.key()));
    }

    private static String sendComment(String site, String text) {
        return send(site, Samples.comment(Samples.key(), text));
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static String awaitStatus(String status, String key) {
        await().atMost(Duration.ofSeconds(40)).until(() -> event(key).status().equals(status));
        return key;
    }

    private static String awaitHeldBack(String key) {
        await().until(() -> event(key).status().equals("queued") && event(key).error() != null);
        return event(key).error();
    }

    private static int questions(String text) {
        return ai.findAll(postRequestedFor(urlPathEqualTo(COMPLETIONS)).withRequestBody(containing(text)))
                .size();
    }

    private static JsonNode operate(String method, String path) {
        Answer answer =
                Client.call(method, URI.create(relay.managementUrl() + path), Map.of(), BodyPublishers.noBody());
        assertTrue(answer.status() < 300, () -> answer.body().toString());
        return answer.body();
    }

    private static JsonNode usageOf(String key) {
        return operate("GET", "/events/" + key).get("usage");
    }

    /** Of all days. */
    private static long requests(String site) {
        return operate("GET", "/usage?site=" + site).get("usage").findValues("requests").stream()
                .mapToLong(JsonNode::asLong)
                .sum();
    }

    private static String metrics() throws Exception {
        URI metrics = URI.create(relay.managementUrl() + "/observe/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body();
    }

    /** @return what it prints */
    private static String run(Callable<Integer> command, String... arguments) {
        Printed printed = Printed.of(command, arguments);
        assertEquals(0, printed.status(), printed.text());
        return printed.text();
    }

    @Test
    void tokens_and_cost_are_shown_for_the_event_and_for_the_day_and_the_site() throws Exception {
        long before = requests("open");
        String key = awaitStatus("done", sendPost("open"));
        JsonNode shown = operate("GET", "/events/" + key);
        JsonNode answer = shown.at("/answers/0");
        assertEquals(1, shown.get("answers").size());
        assertEquals("enrich_post", answer.get("task").asText());
        assertEquals("openai", answer.get("provider").asText());
        assertEquals("a-model-2026", answer.get("model").asText());
        assertEquals("S.", answer.at("/answer/summary").asText());
        assertEquals(
                JSON.readTree("{\"requests\":1,\"tokens_in\":700,\"tokens_out\":200,\"cost\":0.0028}"),
                shown.get("usage"));
        assertEquals(before + 1, requests("open"));
        JsonNode today = operate("GET", "/usage?site=open").at("/usage/0");
        assertEquals(LocalDate.now(CLOCK).toString(), today.get("day").asText());
        assertEquals("[]", today.get("budgets").toString(), "it has no cap");
        String show = run(new ShowCommand(), key);
        assertTrue(show.contains("openai, a-model-2026: enrich_post"), show);
        assertTrue(show.contains("1 request, 700 tokens in, 200 out, cost 0.0028"), show);
        String usage = run(new UsageCommand(), "--since", "1d");
        assertTrue(usage.lines().anyMatch(line -> line.matches("\\S+  open .*00 +[.0-9]+")), usage);
        assertTrue(run(new UsageCommand(), "--json").contains("\"tokens_anonymous\""));
        String metrics = metrics();
        for (String sample : new String[] {
            "relay_ai_tokens_total{kind=\"in\"}",
            "relay_ai_site_tokens_total{kind=\"out\",site=\"open\"}",
            "relay_ai_cost_total{provider=\"openai\",site=\"open\"}",
            "relay_ai_budget_left{scope=\"anonymous\",site=\"capped\"}"
        }) {
            assertTrue(metrics.contains("\n" + sample), sample + " is not in " + metrics);
        }
    }

    @Test
    void what_is_of_no_use_was_paid_for_too() {
        String text = "of no use " + Samples.key();
        answers(post(COMPLETIONS).withRequestBody(containing(text)), okJson(completion("I would rather not.")));
        String key = awaitStatus("error", sendComment("open", text));
        JsonNode usage = usageOf(key);
        assertEquals(questions(text), usage.get("requests").asInt());
        assertTrue(usage.get("requests").asInt() >= 2, usage::toString);
        assertEquals(questions(text) * 700, usage.get("tokens_in").asInt());
        assertEquals(questions(text) * 200, usage.get("tokens_out").asInt());
    }

    @ParameterizedTest
    @CsvSource({"401, 0, false", "503, 0, false", "200, 5000, true"})
    void what_the_server_refuses_costs_nothing_and_what_it_may_still_work_on_what_was_sent(
            int status, int delay, boolean isBilled) {
        String text = "in vain " + Samples.key();
        answers(
                post(COMPLETIONS).withRequestBody(containing(text)),
                aResponse().withStatus(status).withFixedDelay(delay).withBody("no"));
        JsonNode usage = usageOf(awaitStatus("error", sendComment("open", text)));
        assertTrue(usage.get("requests").asInt() > 0, usage::toString);
        assertEquals(isBilled, usage.get("tokens_in").asInt() > 0, usage::toString);
        assertEquals(0, usage.get("tokens_out").asInt());
    }

    @Test
    void the_same_text_is_paid_for_once_however_often_it_comes_and_by_each_site() throws Exception {
        String text = "the same " + Samples.key();
        answers(
                post(COMPLETIONS).withRequestBody(containing(text)),
                okJson(completion(VERDICT)).withFixedDelay(500));
        List<String> keys = IntStream.range(0, 12)
                .mapToObj(number -> sendComment("open", text))
                .toList();
        keys.forEach(key -> awaitStatus("done", key));
        assertEquals(1, questions(text));
        assertEquals(
                1,
                keys.stream()
                        .mapToInt(key -> usageOf(key).get("requests").asInt())
                        .sum());
        for (String key : keys) {
            assertEquals(
                    "a-model-2026",
                    operate("GET", "/events/" + key).at("/answers/0/model").asText());
            assertEquals(
                    "spam", JSON.readTree(event(key).result()).get("verdict").asText());
            assertEquals(0, event(key).retries());
        }
        assertTrue(metrics().contains("\nrelay_ai_requests_total{outcome=\"reused\",provider=\"openai\"}"));
        awaitStatus("done", sendComment("other", text));
        assertEquals(2, questions(text));
    }

    @Test
    void under_a_changed_prompt_it_is_asked_again() throws Exception {
        String text = "under another prompt " + Samples.key();
        awaitStatus("done", sendComment("open", text));
        Path prompts = Files.createDirectories(dataDir.resolve("automations/prompts"));
        String prompt = Files.readString(Path.of("src/main/resources/prompts/moderate_comment.md"));
        Path changed = Files.writeString(
                prompts.resolve("moderate_comment.md"), prompt.replace("You help", "You are there to help"));
        try {
            await().atMost(Duration.ofSeconds(40)).until(() -> {
                awaitStatus("done", sendComment("open", text));
                return questions(text) == 2;
            });
            assertEquals(1, questions("You are there to help"));
        } finally {
            Files.delete(changed);
        }
        // The other tests ask under the prompt as it was.
        await().atMost(Duration.ofSeconds(40)).until(() -> {
            String again = "once more " + Samples.key();
            awaitStatus("done", sendComment("open", again));
            return ai.findAll(postRequestedFor(urlPathEqualTo(COMPLETIONS)).withRequestBody(containing(again))).stream()
                    .noneMatch(question -> question.getBodyAsString().contains("You are there to help"));
        });
    }

    @Test
    void what_was_answered_too_long_ago_is_asked_again() {
        String text = "old " + Samples.key();
        String old = awaitStatus("done", sendComment("open", text));
        JdbcClient.create(relay.bean(DataSource.class))
                .sql("UPDATE relay_answer SET answered_at = ? WHERE event_id = ?")
                .params(OffsetDateTime.now().minusDays(31), event(old).id())
                .update();
        awaitStatus("done", sendComment("open", text));
        assertEquals(2, questions(text));
    }

    @Test
    void an_answer_that_is_erased_is_used_by_nobody_any_more() {
        String text = "to be erased " + Samples.key();
        String first = awaitStatus("done", sendComment("open", text));
        String second = awaitStatus("done", sendComment("open", text));
        assertEquals(1, questions(text));
        assertEquals(
                2,
                operate("POST", "/events/" + first + "/erase")
                        .at("/events/0/answers")
                        .asInt());
        assertEquals("[]", operate("GET", "/events/" + second).get("answers").toString());
        assertNull(event(second).result());
        assertEquals("done", event(second).status());
        assertEquals(1, usageOf(first).get("requests").asInt(), "it was paid for all the same");
        awaitStatus("done", sendComment("open", text));
        assertEquals(2, questions(text));
    }

    @Test
    void what_is_over_the_budget_waits_for_the_next_day_and_visitors_do_not_keep_editors_waiting() throws Exception {
        CLOCK.setMidnight(Duration.ofHours(5));
        awaitStatus("done", sendComment("capped", "first " + Samples.key()));
        String comment = sendComment("capped", "second " + Samples.key());
        String reason = awaitHeldBack(comment);
        assertTrue(reason.contains("what anonymous visitors of site 'capped' cause"), reason);
        assertTrue(reason.contains("1200 tokens, of which 900 are used"), reason);
        awaitStatus("done", sendPost("capped"));
        String post = sendPost("capped");
        assertTrue(awaitHeldBack(post).contains("2300 tokens, of which 1800 are used"), event(post)::error);
        assertEquals(0, event(post).retries());
        assertTrue(run(new UsageCommand(), "--site", "capped").contains("budget site: 500 of 2300 tokens are left"));
        assertTrue(metrics().contains("\nrelay_ai_requests_total{outcome=\"over_budget\",provider=\"openai\"}"));

        // Some hours pass, but not the day: they wait for what is left of it.
        CLOCK.setMidnight(Duration.ofSeconds(12));
        operate("POST", "/events/" + comment + "/replay?force=true");
        operate("POST", "/events/" + post + "/replay?force=true");
        awaitStatus("done", comment);
        awaitStatus("done", post);
        assertTrue(event(post).attempts() >= 3, "held back twice");
        assertEquals(
                900,
                usageOf(post).get("tokens_in").asInt()
                        + usageOf(post).get("tokens_out").asInt());
    }

    @Test
    void what_no_day_has_enough_for_is_a_dead_letter_that_says_so() {
        String key = awaitStatus("error", sendPost("tiny"));
        assertTrue(event(key).error().contains("site 'tiny'"), event(key)::error);
        assertTrue(event(key).error().contains("10 tokens, and this needs about"), event(key)::error);
        assertEquals(1, event(key).attempts());
        assertEquals(0, usageOf(key).get("requests").asInt());
    }
}

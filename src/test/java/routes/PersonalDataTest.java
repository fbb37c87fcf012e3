package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import events.Event;
import events.EventLog;
import ingress.TestJwe;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jms.core.JmsTemplate;

/** Where personal data goes, and where it does not: WordPress and the AI server are over the wire. */
class PersonalDataTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RESULTS = "/wp-json/ai-relay/v1/results";
    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String ADA = "Ada Lovelace";
    private static final String EMAIL = "ada@example.org";
    private static final String PHONE = "+44 20 7946 0018";
    private static final String HASH = "5d1fb2e0a1b6b3c9";
    private static final List<String> PERSONAL = List.of(ADA, EMAIL, PHONE, HASH, "ada.example.org");
    private static final String ENCRYPTED =
            "{\"name\":\"" + ADA + "\",\"email\":\"" + EMAIL + "\",\"phone\":\"" + PHONE + "\",\"vat\":\"GB-1815\"}";

    /** What the routes of this test have seen, by the key of the event. */
    private static final Map<String, Map<?, ?>> SEEN = new ConcurrentHashMap<>();

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer server;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        server = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        server.start();
        relay = new TestRelay(dataDir)
                .bringingResultsTo(server.baseUrl())
                .asking(server.baseUrl())
                .with("RELAY_RETRY_DELAYS", "100ms")
                .with("RELAY_PII_KEY", TestJwe.RELAY_PII_KEY)
                .startReady();
        routeLeads(relay);
    }

    /** In place of the content-based router: what happens to a lead, its form says. */
    private static void routeLeads(TestRelay relay) throws Exception {
        relay.context().getRouteController().stopRoute("route-event");
        relay.context().removeRoute("route-event");
        RouteBuilder.addRoutes(relay.context(), routes -> {
            routes.from("direct:route-event")
                    .routeId("route-event")
                    .choice()
                    .when(routes.header("RelayEvent").isEqualTo("comment.created"))
                    .to("direct:moderate-comment")
                    .otherwise()
                    .process(exchange -> SEEN.put(
                            exchange.getMessage().getHeader("RelayKey", String.class),
                            exchange.getMessage().getBody(Map.class)))
                    .toD("direct:test-${body[form]}");
            routes.from("direct:test-nothing").routeId("test-nothing").log("nothing to do");
            routes.from("direct:test-ask")
                    .routeId("test-ask")
                    .setHeader("RelayAiTask", routes.constant("test_lead"))
                    .to("direct:ask-ai")
                    .to("direct:call-back-wordpress");
            routes.from("direct:test-broken").routeId("test-broken").convertBodyTo(Integer.class);
        });
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        server.stop();
    }

    @BeforeEach
    void allIsWell() {
        server.resetAll();
        server.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        aiAnswers("{\"summary\":\"Somebody asks about a bridge.\"}");
    }

    private static void aiAnswers(String content) {
        server.stubFor(post(COMPLETIONS).willReturn(okJson(Completions.of(content))));
    }

    private static ObjectNode lead(String key, String form) {
        ObjectNode lead = JSON.createObjectNode();
        lead.put("event", "lead.captured").put("idempotency_key", key).put("site", "https://example.test");
        lead.put("lead_id", 7).put("form", form).put("encrypted", TestJwe.encrypt(ENCRYPTED));
        lead.putObject("fields").put("message", "How much is a bridge?").put("name", "in clear");
        return lead;
    }

    private static ObjectNode comment(String key) {
        return Samples.comment(key, "Well said about the bridge.")
                .put("author_name", ADA)
                .put("author_url", "https://ada.example.org/")
                .put("author_email_sha256", HASH);
    }

    private static Event sendAndAwait(String key, ObjectNode body, String status) {
        assertEquals(202, relay.client().send(key, body.toString()).status());
        await().atMost(Duration.ofSeconds(20)).until(() -> event(key).status().equals(status));
        return event(key);
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static void assertNothingPersonal(String text) {
        PERSONAL.forEach(personal -> assertFalse(text.contains(personal), () -> personal + " is in " + text));
    }

    /** All that the tables hold of an event, its payload too. */
    private static String stored(Event event) {
        JdbcClient database = JdbcClient.create(relay.bean(DataSource.class));
        List<Map<String, Object>> rows = new ArrayList<>();
        rows.addAll(database.sql("SELECT * FROM relay_event WHERE id = ?")
                .param(event.id())
                .query()
                .listOfRows());
        for (String table : List.of("relay_attempt", "relay_answer")) {
            rows.addAll(database.sql("SELECT * FROM " + table + " WHERE event_id = ?")
                    .param(event.id())
                    .query()
                    .listOfRows());
        }
        return rows.stream()
                .flatMap(row -> row.values().stream())
                .map(value -> value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "" + value)
                .collect(Collectors.joining("\n"));
    }

    private static String prompts() {
        return server.findAll(postRequestedFor(urlPathEqualTo(COMPLETIONS))).stream()
                .map(request -> request.getBodyAsString())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void a_route_sees_what_was_encrypted_and_a_route_that_does_nothing_does_not_record_it() throws Exception {
        String key = Samples.key();
        Event done = sendAndAwait(key, lead(key, "nothing"), "done");
        assertEquals(
                Map.of(
                        "message",
                        "How much is a bridge?",
                        "name",
                        ADA,
                        "email",
                        EMAIL,
                        "phone",
                        PHONE,
                        "vat",
                        "GB-1815"),
                SEEN.get(key).get("fields"));
        assertFalse(SEEN.get(key).containsKey("encrypted"));
        assertEquals(
                JSON.readTree("{\"message\":\"How much is a bridge?\"}"),
                JSON.readTree(done.result()).get("fields"));
        assertNothingPersonal(stored(done));
    }

    @Test
    void a_model_is_asked_about_a_lead_without_anything_personal() {
        String key = Samples.key();
        ObjectNode lead = lead(key, "ask");
        lead.withObject("/fields")
                .put("message", "A bridge, please. " + ADA + ", " + EMAIL)
                .put("your-tel", PHONE);
        Event done = sendAndAwait(key, lead, "done");
        assertTrue(prompts().contains("A bridge, please. [withheld], [withheld]"), prompts());
        assertNothingPersonal(prompts());
        assertFalse(prompts().contains("GB-1815"), "it came encrypted, whatever it is");
        assertEquals("{\"summary\":\"Somebody asks about a bridge.\"}", done.result());
    }

    @Test
    void a_model_is_asked_about_a_comment_without_its_author() {
        aiAnswers("{\"verdict\":\"approve\",\"confidence\":0.9,\"reason\":\"Friendly.\"}");
        String key = Samples.key();
        sendAndAwait(key, comment(key), "done");
        assertTrue(prompts().contains("Well said about the bridge."), prompts());
        assertTrue(prompts().contains("\\\"author_name\\\":\\\"[withheld]\\\""), prompts());
        assertNothingPersonal(prompts());
    }

    @Test
    void a_lead_that_does_not_open_is_a_dead_letter_that_says_what_to_do() {
        String key = Samples.key();
        byte[] other = "another key of thirty-two bytes.".getBytes(StandardCharsets.US_ASCII);
        ObjectNode lead = lead(key, "nothing")
                .put("encrypted", TestJwe.encrypt("{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", ENCRYPTED, other));
        Event dead = sendAndAwait(key, lead, "error");
        assertTrue(dead.error().contains("RELAY_PII_KEY"), dead.error());
        assertEquals(1, dead.attempts());
        assertFalse(SEEN.containsKey(key));
    }

    @Test
    void neither_the_log_nor_the_broker_gets_to_see_it_whatever_fails() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(log);
        try {
            String echo = "{\"error\":\"cannot use: " + ADA + ", " + EMAIL + ", How much is a bridge?\"}";
            server.stubFor(
                    post(COMPLETIONS).willReturn(aResponse().withStatus(400).withBody(echo)));
            Event refused = failed("ask");
            assertTrue(refused.error().contains("How much is a bridge?"), refused.error());
            server.stubFor(
                    post(COMPLETIONS).willReturn(aResponse().withStatus(503).withBody(echo)));
            Event ill = failed("ask");
            Event broken = failed("broken");
            for (Event event : List.of(refused, ill, broken)) {
                assertNothingPersonal(stored(event));
                await().until(() -> log.list.stream()
                        .anyMatch(line -> line.getFormattedMessage().contains(event.key() + " is a dead letter")));
            }
            String lines = log.list.stream()
                    .map(line -> line.getFormattedMessage() + " " + line.getThrowableProxy())
                    .collect(Collectors.joining("\n"));
            assertNothingPersonal(lines);
            assertFalse(lines.contains("How much is a bridge?"), lines);
            String letters = deadLetters(List.of(refused, ill, broken));
            assertNothingPersonal(letters);
            assertFalse(letters.contains("How much is a bridge?"), letters);
            assertTrue(letters.contains("answered 400"), letters);
        } finally {
            root.detachAppender(log);
        }
    }

    private static Event failed(String form) {
        String key = Samples.key();
        return sendAndAwait(key, lead(key, form), "error");
    }

    /** Bodies, headers and properties of the dead letters of these events. */
    private static String deadLetters(List<Event> events) {
        List<String> letters = new ArrayList<>();
        for (Event event : events) {
            await().until(() -> !letters(event.key()).isEmpty());
            letters.addAll(letters(event.key()));
        }
        return String.join("\n", letters);
    }

    private static List<String> letters(String key) {
        return new JmsTemplate(relay.bean(ConnectionFactory.class))
                .browseSelected("relay.dead-letters", "RelayKey = '" + key + "'", (session, browser) -> {
                    List<String> letters = new ArrayList<>();
                    for (Object each : Collections.list(browser.getEnumeration())) {
                        Message message = (Message) each;
                        StringBuilder text = new StringBuilder(message.getBody(String.class));
                        for (Object name : Collections.list(message.getPropertyNames())) {
                            text.append('\n').append(message.getObjectProperty(name.toString()));
                        }
                        letters.add(text.toString());
                    }
                    return letters;
                });
    }
}

package operations;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import events.Event;
import events.EventLog;
import ingress.TestJwe;
import jakarta.jms.ConnectionFactory;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jms.core.JmsTemplate;
import routes.Client;
import routes.Client.Answer;
import routes.Samples;
import routes.TestRelay;
import text.Sha256;

/** {@code bin/relay erase} against a relay; WordPress refuses each comment, so that there is a reason and a letter. */
class EraseCommandTest {
    private static final String ADA = "ada@example.org";
    private static final String DIR_A256GCM = "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer wordpress;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        wordpress = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        wordpress.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(403).withBody("not for Ada")));
        relay = new TestRelay(dataDir)
                .with("WP_SITE_URL", wordpress.baseUrl())
                .with("RELAY_PII_KEY", TestJwe.RELAY_PII_KEY)
                .startReady()
                .forCommands();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        wordpress.stop();
    }

    private static String sha256(String text) throws Exception {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    /** Each of them ends as a dead letter: a comment for WordPress, a lead for want of an automation. */
    private static String sendDead(ObjectNode body) {
        String key = body.path("idempotency_key").asText();
        assertEquals(202, relay.client().send(key, body.toString()).status());
        await().atMost(Duration.ofSeconds(20)).until(() -> event(key).status().equals("error") && letters(key) == 1);
        return key;
    }

    private static ObjectNode comment(String email) throws Exception {
        return Samples.comment(Samples.key(), "Well said").put("author_email_sha256", sha256(email));
    }

    private static ObjectNode lead() {
        ObjectNode lead = Samples.comment(Samples.key(), "").put("event", "lead.captured");
        return lead.put("lead_id", 7).put("form", "contact");
    }

    private static int letters(String key) {
        return new JmsTemplate(relay.bean(ConnectionFactory.class))
                .browseSelected(
                        "relay.dead-letters", "RelayKey = '" + key + "'", (session, browser) -> Collections.list(
                                        browser.getEnumeration())
                                .size());
    }

    private static Printed erase(String... arguments) {
        return Printed.of(new EraseCommand(), arguments);
    }

    private static Answer call(String method, String path) {
        return Client.call(method, URI.create(relay.managementUrl() + path), Map.of(), BodyPublishers.noBody());
    }

    private static void assertErased(String key) {
        JsonNode shown = call("GET", "/events/" + key).body();
        assertEquals("{}", shown.path("payload").toString());
        assertTrue(shown.path("result").isNull());
        assertFalse(shown.path("erased_at").isNull());
        assertFalse(shown.toString().contains("Ada"), shown::toString);
        assertEquals(0, letters(key));
    }

    @Test
    void an_address_deep_within_an_event_is_found() throws Exception {
        ObjectNode order = comment("somebody@example.org");
        order.putArray("contacts").addObject().putObject("billing").put("email", "eve@example.org");
        String key = sendDead(order);
        assertTrue(erase("--email-sha256", sha256("eve@example.org")).text().endsWith("1 event erased\n"));
        assertErased(key);
    }

    @Test
    void the_events_of_a_person_are_erased_wherever_the_address_is_and_no_others() throws Exception {
        String comment = sendDead(comment(ADA));
        ObjectNode clear = lead();
        clear.putObject("fields").put("your-email", " Ada@Example.org ");
        ObjectNode encrypted = lead().put("encrypted", TestJwe.encrypt("{\"mail\":\"" + ADA + "\"}"));
        List<String> ofAda = List.of(comment, sendDead(clear), sendDead(encrypted));
        String ofBob = sendDead(comment("bob@example.org"));

        String hash = sha256(ADA);
        Printed dryRun = erase("--email-sha256", hash, "--dry-run");
        assertTrue(
                dryRun.text()
                        .contains("would be erased  " + comment
                                + "  comment.created, error: payload, 1 answer, 2 errors\n"),
                dryRun.text());
        assertTrue(dryRun.text().endsWith("3 events would be erased\n"), dryRun.text());
        assertEquals(
                7,
                call("GET", "/events/" + comment)
                        .body()
                        .at("/payload/comment_id")
                        .asInt());
        assertEquals(1, letters(comment));

        assertTrue(erase("--email-sha256", hash, "--site", "elsewhere").text().startsWith("0 events erased"));
        Printed erased = erase("--email-sha256", hash.toUpperCase(java.util.Locale.ROOT));
        assertEquals(0, erased.status(), erased.text());
        ofAda.forEach(key -> assertTrue(erased.text().contains("erased  " + key + "  "), erased.text()));
        assertTrue(erased.text().endsWith("3 events erased\n"), erased.text());
        ofAda.forEach(EraseCommandTest::assertErased);
        assertEquals(
                7,
                call("GET", "/events/" + ofBob).body().at("/payload/comment_id").asInt());
        assertEquals(1, letters(ofBob));
        assertEquals("0 events erased\n", erase("--email-sha256", hash).text());
    }

    @Test
    void an_erased_event_is_known_to_its_sender_and_cannot_be_replayed() throws Exception {
        ObjectNode body = comment("carl@example.org");
        String key = sendDead(body);
        Printed erased = erase("--key", key);
        assertTrue(erased.text().endsWith("1 event erased\n"), erased.text());
        assertErased(key);
        Answer again = relay.client().send(key, body.toString());
        assertEquals(202, again.status());
        assertEquals("duplicate", again.body().path("status").asText());
        Answer replay = call("POST", "/events/" + key + "/replay?force=true");
        assertEquals(409, replay.status());
        assertTrue(replay.body().path("error").asText().contains("was erased at"), replay.body()::toString);
        assertEquals(1, event(key).attempts());
        assertEquals("error", relay.client().status(key).body().path("status").asText());
        JsonNode listed = call("GET", "/events?search=" + key).body().at("/events/0");
        assertFalse(listed.path("erased_at").isNull(), listed::toString);
    }

    @Test
    void a_lead_that_does_not_open_is_said_to_be_left() throws Exception {
        byte[] other = "another key of thirty-two bytes.".getBytes(StandardCharsets.US_ASCII);
        String key = sendDead(lead().put("encrypted", TestJwe.encrypt(DIR_A256GCM, "{}", other)));
        Printed printed = erase("--email-sha256", sha256("dora@example.org"));
        assertEquals(1, printed.status());
        assertTrue(printed.text().contains("1 more may be of this person"), printed.text());
        assertEquals(0, erase("--key", key).status());
        assertEquals(0, erase("--email-sha256", sha256("dora@example.org")).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--email-sha256 ada@example.org", "--key k --email-sha256 00", "--dry-run"})
    void who_does_not_say_clearly_whose_data_is_told_how(String arguments) {
        Printed printed = erase(arguments.isEmpty() ? new String[0] : arguments.split(" "));
        assertEquals(2, printed.status());
        assertTrue(printed.text().contains("--email-sha256"), printed.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?email_sha256=ada", "?email_sha256", "?emial_sha256=00", "?dry_run=1"})
    void over_http_what_might_erase_more_than_was_meant_is_refused(String query) {
        assertEquals(422, call("POST", "/events/erase" + query).status());
    }

    @Test
    void a_key_that_nobody_knows_is_not_found_and_a_page_in_a_browser_may_erase_nothing() {
        Printed printed = erase("--key", "nobody");
        assertTrue(printed.status() != 0);
        Map<String, String> foreign = Map.of("Origin", "https://example.test");
        for (String path : List.of("/events/any/erase", "/events/erase?email_sha256=" + "0".repeat(64))) {
            assertEquals(
                    403,
                    Client.call("POST", URI.create(relay.managementUrl() + path), foreign, BodyPublishers.noBody())
                            .status());
        }
    }
}

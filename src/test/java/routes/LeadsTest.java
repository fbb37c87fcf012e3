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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import events.Event;
import events.EventLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.apache.camel.component.http.HttpComponent;
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

/** From a form to the CRM and back to WordPress; WordPress, the AI server and the CRM are over the wire. */
class LeadsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RESULTS = "/wp-json/ai-relay/v1/results";
    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String WEBHOOK = "/hooks/a-token-in-the-path/";
    private static final String CONTACTS = "/crm/v3/objects/contacts";
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String QUALIFIED = """
            {"category":"sales","score":82,"summary":"Wants 200 chairs by March."}""";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer wordpress;
    static WireMockServer ai;
    static WireMockServer crm;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        wordpress = server();
        ai = server();
        crm = server();
        relay = new TestRelay(dataDir)
                .bringingResultsTo(wordpress.baseUrl())
                .asking(ai.baseUrl())
                .with("CRM_WEBHOOK_URL", crm.baseUrl() + WEBHOOK + "?token=a+b%2Fc")
                .with("CRM_WEBHOOK_SECRET", SECRET)
                .with("RELAY_RETRY_DELAYS", "200ms,200ms")
                .startReady();
    }

    private static WireMockServer server() {
        WireMockServer server =
                new WireMockServer(WireMockConfiguration.options().dynamicPort());
        server.start();
        return server;
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        wordpress.stop();
        ai.stop();
        crm.stop();
    }

    @BeforeEach
    void allIsWell() {
        database().sql("DELETE FROM relay_pause").update();
        // What an earlier test asked is to be asked again.
        database().sql("UPDATE relay_answer SET question = NULL").update();
        wordpress.resetAll();
        ai.resetAll();
        crm.resetAll();
        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        crm.stubFor(post(urlPathEqualTo(WEBHOOK)).willReturn(aResponse().withStatus(204)));
        qualifiedAs(QUALIFIED);
    }

    private static void qualifiedAs(String result) {
        ai.stubFor(post(COMPLETIONS).willReturn(okJson(Completions.of(result))));
    }

    private static JdbcClient database() {
        return JdbcClient.create(relay.bean(DataSource.class));
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static String send(ObjectNode lead) {
        String key = lead.get("idempotency_key").asText();
        assertEquals(202, relay.client().send(key, lead.toString()).status());
        return key;
    }

    private static String sendAndAwait(ObjectNode lead, String status) {
        String key = send(lead);
        await().atMost(Duration.ofSeconds(20)).until(() -> event(key).status().equals(status));
        return key;
    }

    private static String sendAndAwait(String status) {
        return sendAndAwait(Samples.lead(Samples.key()), status);
    }

    private static List<LoggedRequest> callBacks() {
        return wordpress.findAll(postRequestedFor(urlPathEqualTo(RESULTS)));
    }

    private static List<LoggedRequest> questions() {
        return ai.findAll(postRequestedFor(urlPathEqualTo(COMPLETIONS)));
    }

    private static List<LoggedRequest> webhooks() {
        return crm.findAll(postRequestedFor(urlPathEqualTo(WEBHOOK)));
    }

    private static void failsOnce(WireMockServer server, String path, ResponseDefinitionBuilder answer) {
        server.stubFor(post(urlPathEqualTo(path))
                .inScenario("ill")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(answer)
                .willSetStateTo("well"));
        server.stubFor(post(urlPathEqualTo(path))
                .inScenario("ill")
                .whenScenarioStateIs("well")
                .willReturn(okJson("{\"status\":\"applied\"}")));
    }

    /** As the specification says it, with no code of the relay's. */
    private static String signature(LoggedRequest request) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(SECRET.substring("whsec_".length())), "HmacSHA256"));
        String signed = request.getHeader("webhook-id") + "." + request.getHeader("webhook-timestamp") + "."
                + request.getBodyAsString();
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_qualified_lead_comes_to_the_crm_signed_as_standard_webhooks_has_it() throws Exception {
        String key = sendAndAwait("done");
        LoggedRequest request = webhooks().get(0);
        assertEquals(WEBHOOK + "?token=a+b%2Fc", request.getUrl());
        assertEquals(event(key).id() + ":notify_crm", request.getHeader("webhook-id"));
        assertEquals(signature(request), request.getHeader("webhook-signature"));
        long age = Instant.now().getEpochSecond() - Long.parseLong(request.getHeader("webhook-timestamp"));
        assertTrue(age >= 0 && age < 60, "seconds: " + age);
        assertEquals("application/json", request.getHeader("Content-Type"));
        JsonNode body = JSON.readTree(request.getBody());
        assertEquals("lead.qualified", body.get("type").asText());
        assertEquals(
                event(key).receivedAt().toEpochSecond(),
                Instant.parse(body.get("timestamp").asText()).getEpochSecond());
        assertEquals(JSON.readTree("""
                {"lead_id": "entry-7", "form": "Contact", "site": "https://example.test",
                 "fields": {"name": "Jane Doe", "email": "jane@example.test",
                            "message": "We need 200 chairs by March. What would that cost?"},
                 "category": "sales", "score": 82, "summary": "Wants 200 chairs by March."}"""), body.get("data"));
    }

    @Test
    void the_result_comes_to_wordpress_and_stays_in_the_event_log() throws IOException {
        String key = sendAndAwait("done");
        JsonNode body = JSON.readTree(callBacks().get(0).getBody());
        assertEquals(key + ":qualify_lead", callBacks().get(0).getHeader("Idempotency-Key"));
        assertEquals("qualify_lead", body.get("action").asText());
        assertEquals(JSON.readTree("{\"type\":\"lead\",\"id\":\"entry-7\"}"), body.get("target"));
        assertEquals(JSON.readTree(QUALIFIED), body.get("result"));
        assertEquals("openai", body.get("provider").asText());
        assertEquals(JSON.readTree(QUALIFIED), JSON.readTree(event(key).result()));
        assertEquals("applied", event(key).callBack());
        assertFalse(callBacks().get(0).containsHeader("webhook-signature"));
    }

    @Test
    void the_model_is_shown_the_form_and_its_fields_as_data() throws IOException {
        sendAndAwait("done");
        JsonNode messages = JSON.readTree(questions().get(0).getBody()).get("messages");
        assertEquals(2, messages.size());
        JsonNode data = JSON.readTree(messages.get(1).get("content").asText());
        assertEquals("Contact", data.get("form").asText());
        assertEquals(
                "We need 200 chairs by March. What would that cost?",
                data.at("/fields/message").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"category\":\"vip\",\"score\":82,\"summary\":\"x\"}",
                "{\"category\":\"sales\",\"score\":101,\"summary\":\"x\"}",
                "{\"category\":\"sales\",\"score\":-1,\"summary\":\"x\"}",
                "{\"category\":\"sales\",\"summary\":\"x\"}"
            })
    void an_answer_that_breaks_the_contract_goes_nowhere(String answer) {
        qualifiedAs(answer);
        sendAndAwait("error");
        assertEquals(List.of(), webhooks());
        assertEquals(List.of(), callBacks());
    }

    @Test
    void spam_is_kept_from_the_crm_and_told_to_wordpress() throws IOException {
        qualifiedAs("{\"category\":\"spam\",\"score\":0,\"summary\":\"Sells links.\"}");
        sendAndAwait("done");
        assertEquals(
                "spam",
                JSON.readTree(callBacks().get(0).getBody())
                        .at("/result/category")
                        .asText());
        assertEquals(List.of(), webhooks());
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503})
    void an_ill_crm_is_told_again_under_the_same_id_and_the_ai_is_not_asked_again(int status) throws Exception {
        failsOnce(crm, WEBHOOK, aResponse().withStatus(status));
        String key = sendAndAwait("done");
        assertEquals(2, event(key).attempts());
        assertEquals(2, webhooks().size());
        assertEquals(1, distinct("webhook-id"));
        assertEquals(
                1,
                webhooks().stream()
                        .map(LoggedRequest::getBodyAsString)
                        .distinct()
                        .count());
        for (LoggedRequest request : webhooks()) {
            assertEquals(signature(request), request.getHeader("webhook-signature"));
        }
        assertEquals(1, questions().size());
        assertEquals(1, callBacks().size());
    }

    private static long distinct(String header) {
        return webhooks().stream()
                .map(request -> request.getHeader(header))
                .distinct()
                .count();
    }

    @Test
    void the_crm_says_when_to_come_again_and_is_obeyed() {
        crm.stubFor(post(urlPathEqualTo(WEBHOOK))
                .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "3600")));
        String key = send(Samples.lead(Samples.key()));
        await().until(() -> event(key).retries() == 1);
        OffsetDateTime due = database()
                .sql("SELECT due_at FROM relay_event WHERE idempotency_key = ?")
                .param(key)
                .query(OffsetDateTime.class)
                .single();
        assertTrue(due.isAfter(OffsetDateTime.now().plusMinutes(59)), due::toString);
        assertEquals("answered 429 (the CRM)", event(key).error());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 409, 422})
    void a_crm_that_refuses_makes_a_dead_letter_that_names_it_and_nothing_personal(int status) {
        crm.stubFor(post(urlPathEqualTo(WEBHOOK))
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Location", "http://127.0.0.1:1/")
                        .withBody("{\"message\":\"no rest_no_route jane@example.test\"}")));
        String key = sendAndAwait("error");
        assertEquals(1, event(key).attempts());
        assertEquals("answered " + status + " (the CRM)", event(key).error());
        assertEquals(List.of(), callBacks());
    }

    @Test
    void a_crm_that_refuses_does_not_pause_the_site_and_a_replay_asks_no_ai_again() {
        crm.stubFor(post(urlPathEqualTo(WEBHOOK)).willReturn(aResponse().withStatus(401)));
        String refused = sendAndAwait("error");
        String post = Samples.key();
        qualifiedAs(
                "{\"summary\":\"s\",\"seo_title\":\"t\",\"seo_description\":\"d\",\"keywords\":[],\"language\":\"en\"}");
        assertEquals(
                202, relay.client().send(post, Samples.post(post).toString()).status());
        await().until(() -> event(post).status().equals("done"));
        crm.stubFor(post(urlPathEqualTo(WEBHOOK)).willReturn(aResponse().withStatus(200)));
        URI replay = URI.create(relay.managementUrl() + "/events/" + refused + "/replay");
        assertEquals(
                202,
                Client.call("POST", replay, Map.of(), BodyPublishers.noBody()).status());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> event(refused).status().equals("done"));
        assertEquals(2, questions().size(), "one for the lead, one for the post");
        assertEquals(1, distinct("webhook-id"));
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void a_crm_whose_connection_breaks_is_told_again(Fault fault) {
        failsOnce(crm, WEBHOOK, aResponse().withFault(fault));
        assertEquals(2, event(sendAndAwait("done")).attempts());
        assertEquals(1, distinct("webhook-id"));
    }

    @Test
    void a_crm_that_is_not_there_is_named() {
        crm.stubFor(post(urlPathEqualTo(WEBHOOK)).willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        String key = sendAndAwait("error");
        assertEquals(3, event(key).attempts());
        assertTrue(event(key).error().contains("the CRM did not answer: "), () -> event(key)
                .error());
    }

    @Test
    void a_silent_crm_keeps_half_of_the_workers_at_most_and_costs_no_retry() {
        crm.stubFor(post(urlPathEqualTo(WEBHOOK)).willReturn(aResponse().withFixedDelay(3_000)));
        String first = send(Samples.lead(Samples.key()));
        await().until(() -> webhooks().size() == 1);
        // Until then nobody can tell that it is silent: it has just answered somebody else.
        await().pollDelay(Duration.ofMillis(1_200)).until(() -> true);
        String second = send(Samples.lead(Samples.key()));
        await().until(() -> event(second).error() != null);
        assertEquals(
                "waits, since the CRM does not answer in time", event(second).error());
        assertEquals(1, webhooks().size());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> event(second).status().equals("done"));
        assertEquals(0, event(second).retries());
        assertEquals("done", event(first).status());
    }

    @Test
    void what_the_crm_has_taken_it_is_not_told_again_when_wordpress_fails() {
        failsOnce(wordpress, RESULTS, aResponse().withStatus(503));
        String key = sendAndAwait("done");
        assertEquals(2, event(key).attempts());
        assertEquals(2, callBacks().size());
        assertEquals(1, webhooks().size());
        assertEquals(1, questions().size());
    }

    @Test
    void nothing_of_ours_leaks_to_the_crm() {
        sendAndAwait("done");
        for (HttpHeader header : webhooks().get(0).getHeaders().all()) {
            assertFalse(
                    header.key()
                            .toLowerCase(Locale.ROOT)
                            .matches("(relay|camel|jms|_amq|breadcrumb|authorization|x-wp).*"),
                    header::key);
        }
    }

    @Test
    void what_holds_for_http_holds_for_https() {
        HttpComponent http = relay.context().getComponent("http", HttpComponent.class);
        HttpComponent https = relay.context().getComponent("https", HttpComponent.class);
        assertEquals(http.getHttpClientConfigurer(), https.getHttpClientConfigurer());
        assertEquals(http.getHeaderFilterStrategy(), https.getHeaderFilterStrategy());
        assertEquals(http.getResponseTimeout(), https.getResponseTimeout());
        assertEquals(http.getConnectTimeout(), https.getConnectTimeout());
        assertFalse(https.isFollowRedirects());
    }

    /** The example as it is in the documentation, put where it says. */
    private static Path useHubSpot() throws Exception {
        relay.context().getPropertiesComponent().addOverrideProperty("hubspot.token", "pat-a-token");
        relay.context().getPropertiesComponent().addOverrideProperty("hubspot.url", crm.baseUrl());
        Path automations = Files.createDirectories(dataDir.resolve("automations"));
        Path route = Files.copy(
                Path.of("docs/examples/hubspot/notify-crm.camel.yaml"), automations.resolve("notify-crm.camel.yaml"));
        await().until(() -> relay.context().getRoute("notify-crm@1") != null);
        return route;
    }

    @Test
    void the_example_for_hubspot_makes_a_contact_or_completes_the_one_there_is() throws Exception {
        crm.stubFor(post(CONTACTS).willReturn(aResponse().withStatus(201).withBody("{\"id\":\"1\"}")));
        crm.stubFor(post(CONTACTS + "/batch/upsert").willReturn(okJson("{\"status\":\"COMPLETE\"}")));
        Path route = useHubSpot();
        try {
            ObjectNode lead = Samples.lead(Samples.key());
            lead.withObject("/fields").put("name", "Jane \"JD\" Doe");
            sendAndAwait(lead, "done");
            LoggedRequest created =
                    crm.findAll(postRequestedFor(urlPathEqualTo(CONTACTS))).get(0);
            assertEquals("Bearer pat-a-token", created.getHeader("Authorization"));
            JsonNode contact = JSON.readTree("""
                    {"email": "jane@example.test", "firstname": "Jane \\"JD\\" Doe",
                     "message": "sales, 82 of 100: Wants 200 chairs by March."}""");
            assertEquals(contact, JSON.readTree(created.getBody()).get("properties"));
            assertFalse(callBacks().get(0).getHeader("Authorization").contains("pat-a-token"));

            crm.stubFor(post(CONTACTS).willReturn(aResponse().withStatus(409)));
            lead.put("idempotency_key", Samples.key());
            sendAndAwait(lead, "done");
            JsonNode input = JSON.readTree(crm.findAll(postRequestedFor(urlPathEqualTo(CONTACTS + "/batch/upsert")))
                            .get(0)
                            .getBody())
                    .at("/inputs/0");
            assertEquals("email", input.get("idProperty").asText());
            assertEquals("jane@example.test", input.get("id").asText());
            assertEquals(contact, input.get("properties"));

            crm.stubFor(post(CONTACTS).willReturn(aResponse().withStatus(401)));
            String refused = sendAndAwait("error");
            assertEquals("answered 401 (the CRM)", event(refused).error());

            lead.put("idempotency_key", Samples.key()).withObject("/fields").remove("email");
            sendAndAwait(lead, "done");
            assertEquals(List.of(), webhooks());
        } finally {
            Files.delete(route);
            await().until(() -> relay.context().getRoute("notify-crm@1") == null);
        }
    }
}

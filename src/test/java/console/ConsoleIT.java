package console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import operations.RelayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import routes.Samples;
import routes.TestRelay;

/** The console of a relay that runs as a process, and what Jolokia lets through, over HTTP. */
class ConsoleIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "the console's pass-word";
    private static final int PORT = TestRelay.freePort();
    private static final String CONSOLE = "http://127.0.0.1:" + PORT + "/hawtio";
    private static final String CONTEXT = "org.apache.camel:context=ai-relay,type=context,name=\"ai-relay\"";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Every setting that is a secret, or may hold one. */
    private static final Map<String, String> SECRETS = Map.ofEntries(
            Map.entry("RELAY_CONSOLE_PASSWORD", PASSWORD),
            Map.entry("OWN_SECRET", "secret-of-a-users-own-route"),
            Map.entry("RELAY_ADMIN_TOKEN", "admin-token-of-this-test"),
            Map.entry("WP_RELAY_SECRET", "current-secret-of-this-test"),
            Map.entry("WP_RELAY_SECRET_NEXT", "next-secret-of-this-test"),
            Map.entry("WP_APP_PASSWORD", "app-password-of-this-test"),
            Map.entry("AI_API_KEY", "ai-key-of-this-test"),
            Map.entry("CRM_WEBHOOK_URL", "http://127.0.0.1:9/hook/token-of-this-test"),
            Map.entry("CRM_WEBHOOK_SECRET", "whsec_" + base64("a secret of the CRM's for this test")),
            Map.entry("RELAY_PII_KEY", base64("32 bytes for the people of forms")));

    /** A route of a user's, with a secret wherever one may be. */
    private static final String OWN_ROUTE = """
            - route:
                id: own-route
                description: Keeps a secret.
                from:
                  uri: direct:on-secret.kept
                  steps:
                    - setHeader:
                        name: Key
                        constant: "{{env:OWN_SECRET}}"
                    - setBody:
                        simple: "body {{env:OWN_SECRET}}"
                    - log:
                        message: "message {{env:OWN_SECRET}}"
                    - to:
                        uri: "mock:own-{{env:OWN_SECRET}}"
                    - toD:
                        uri: "mock:dynamic-{{env:OWN_SECRET}}"
            """;

    @TempDir
    static Path directory;

    private static RelayProcess relay;

    @BeforeAll
    static void start() throws Exception {
        relay = new RelayProcess(directory)
                .with("RELAY_CONSOLE_PORT", Integer.toString(PORT))
                // Everywhere: the relay's bean and the command line have to find it all the same.
                .with("RELAY_MANAGEMENT_HOST", "::")
                .with("WP_SITE_URL", "http://127.0.0.1:9")
                .with("WP_APP_USER", "relay")
                .with("AI_BASE_URL", "http://127.0.0.1:9/v1");
        SECRETS.forEach(relay::with);
        Path automations = Files.createDirectories(directory.resolve("automations"));
        Files.writeString(automations.resolve("own-route.camel.yaml"), OWN_ROUTE);
        relay.with("RELAY_AUTOMATIONS_DIR", automations.toString());
        relay.start();
        assertEquals(
                202,
                relay.client(SECRETS.get("WP_RELAY_SECRET"))
                        .send("console", Samples.post("console").toString())
                        .status());
        assertEquals(
                202,
                relay.client(SECRETS.get("WP_RELAY_SECRET"))
                        .send("lead", Samples.lead("lead").toString())
                        .status());
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> jolokia("/version").get("status").asInt() == 200);
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(CONSOLE + path)).timeout(PATIENCE);
    }

    private static HttpRequest.Builder entered(String path) {
        return request(path).header("Authorization", "Basic " + base64("relay:" + PASSWORD));
    }

    private static HttpResponse<String> answer(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode jolokia(String path) throws IOException, InterruptedException {
        return JSON.readTree(answer(entered("/jolokia" + path)).body());
    }

    /** A request as the console's pages make them. */
    private static JsonNode ask(Map<String, ?> question) throws IOException, InterruptedException {
        HttpRequest.Builder post = entered("/jolokia").POST(BodyPublishers.ofString(JSON.writeValueAsString(question)));
        return JSON.readTree(answer(post).body());
    }

    @Test
    void nobody_sees_anything_without_the_password() throws Exception {
        assertEquals(403, answer(request("/jolokia/version")).statusCode());
        HttpRequest.Builder wrong =
                request("/jolokia/version").header("Authorization", "Basic " + base64("somebody:" + PASSWORD));
        assertEquals(403, answer(wrong).statusCode());
        HttpResponse<String> page = answer(request("/"));
        assertEquals(302, page.statusCode());
        assertEquals("/hawtio/login", page.headers().firstValue("Location").orElseThrow());
    }

    @Test
    void who_guesses_is_slowed_down_and_the_operator_gets_in_nevertheless() throws Exception {
        for (int guesses = 0; guesses < 20; guesses++) {
            HttpRequest.Builder guess = request("/auth/login")
                    .POST(BodyPublishers.ofString("{\"username\":\"relay\",\"password\":\"a guess\"}"));
            assertEquals(403, answer(guess).statusCode());
        }
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() ->
                        assertEquals(200, answer(entered("/jolokia/version")).statusCode()));
    }

    @Test
    void a_large_body_is_refused_before_anybody_asks_who_sends_it() throws Exception {
        String large = "{\"username\":\"" + "x".repeat(64 * 1024) + "\"}";
        for (String path : List.of("/auth/login", "/jolokia")) {
            assertEquals(
                    413,
                    answer(request(path).POST(BodyPublishers.ofString(large))).statusCode(),
                    path);
        }
    }

    @Test
    void it_connects_nowhere_for_whoever_asks() throws Exception {
        try (ServerSocket elsewhere = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            elsewhere.setSoTimeout(2000);
            String url = "service:jmx:rmi:///jndi/rmi://127.0.0.1:" + elsewhere.getLocalPort() + "/x";
            JsonNode answer = ask(Map.of(
                    "type", "read",
                    "mbean", "java.lang:type=Memory",
                    "attribute", "HeapMemoryUsage",
                    "target", Map.of("url", url)));
            assertTrue(answer.has("status"), "it is answered with an error or with what this JVM has: " + answer);
            assertThrows(SocketTimeoutException.class, elsewhere::accept);
        }
    }

    @Test
    void it_is_on_this_machine_s_loopback_and_nowhere_else() {
        assertThrows(ConnectException.class, () -> new Socket("127.0.0.2", PORT).close());
    }

    @Test
    void routes_and_queues_are_read() throws Exception {
        JsonNode routes = jolokia("/search/org.apache.camel:type=routes,*").get("value");
        assertTrue(routes.toString().contains("route-event"), routes.toString());
        JsonNode dumped = ask(Map.of(
                "type", "exec",
                "mbean", "org.apache.camel:context=ai-relay,type=routes,name=\"route-event\"",
                "operation", "dumpRouteAsXml()"));
        assertTrue(dumped.path("value").asText().contains("to-enrich-post"), dumped.toString());
        JsonNode queues = jolokia("/read/org.apache.activemq.artemis:component=addresses,queue=*,*/MessageCount");
        assertTrue(queues.get("value").toString().contains("relay.events"), queues.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "java.lang:type=Memory | gc()",
                "com.sun.management:type=HotSpotDiagnostic | dumpHeap(java.lang.String,boolean)",
                "com.sun.management:type=DiagnosticCommand | vmSystemProperties",
                "java.util.logging:type=Logging | getLoggerLevel(java.lang.String)",
                "org.apache.camel:context=ai-relay,type=context,name=\"ai-relay\" | stop()",
                "org.apache.camel:context=ai-relay,type=context,name=\"ai-relay\" | sendStringBody(java.lang.String,java.lang.String)",
                "org.apache.camel:context=ai-relay,type=routes,name=\"route-event\" | stop()",
                "org.apache.camel:context=ai-relay,type=routes,name=\"route-event\" | updateRouteFromXml(java.lang.String)",
                "org.apache.activemq.artemis:broker=\"ai-relay\" | forceFailover()",
                "org.apache.activemq.artemis:broker=\"ai-relay\" | destroyQueue(java.lang.String)",
                "org.apache.camel:context=ai-relay,type=context,name=\"ai-relay\" | dumpRoutesAsXml(boolean)",
                "org.apache.camel:context=ai-relay,type=context,name=\"ai-relay\" | dumpRoutesAsYaml(boolean,boolean)",
                "org.apache.camel:context=ai-relay,type=routes,name=\"own-route\" | dumpRouteAsXml(boolean)",
                "org.apache.camel:context=ai-relay,type=routes,name=\"own-route\" | dumpRouteAsXml",
                "org.apache.camel:context=ai-relay,type=tracer,name=BacklogDebugger | enableDebugger()",
                "hawtio:type=Registry | something()"
            })
    void an_operation_that_is_not_named_is_denied(String bean, String operation) throws Exception {
        assertEquals(
                403,
                ask(Map.of("type", "exec", "mbean", bean, "operation", operation, "arguments", List.of()))
                        .get("status")
                        .asInt());
    }

    private static JsonNode events(String operation, Object... arguments) throws Exception {
        return ask(Map.of(
                "type", "exec", "mbean", "ai.relay:type=Events", "operation", operation, "arguments", arguments));
    }

    @Test
    void the_relay_s_own_bean_says_what_each_thing_is() throws Exception {
        JsonNode bean = jolokia("/list/ai.relay/type=Events").get("value");
        assertTrue(bean.get("desc").asText().startsWith("The relay's events and sites"), bean.toString());
        assertTrue(bean.at("/attr/Waiting/desc").asText().contains("neither done nor dead"), bean.toString());
        assertTrue(bean.at("/op/replay/desc").asText().contains("Its key stays"), bean.toString());
        assertEquals("dryRun", bean.at("/op/replay/args/3/name").asText());
        assertEquals(
                "only says what would be done",
                bean.at("/op/replay/args/3/desc").asText());
    }

    @Test
    void an_event_is_found_and_shown_and_a_mistake_is_explained() throws Exception {
        String found = events("search", "", "lead.captured", "", "1h", "", "")
                .path("value")
                .asText();
        assertTrue(JSON.readTree(found).at("/events/0/key").asText().equals("lead"), found);
        String shown = events("show", "console", "").path("value").asText();
        assertEquals("post.published", JSON.readTree(shown).path("event").asText(), shown);
        JsonNode unknown = events("show", "no-such-key", "");
        assertEquals(400, unknown.path("status").asInt());
        assertTrue(unknown.path("error").asText().contains("no-such-key"), unknown.toString());
        String planned =
                events("replay", "console", "", true, true).path("value").asText();
        assertTrue(planned.contains("console"), planned);
        JsonNode unfiltered = events("replayMatching", "", "", "", "", "", true);
        assertTrue(unfiltered.path("error").asText().contains("Say which events"), unfiltered.toString());
    }

    @Test
    void a_site_is_paused_and_resumed() throws Exception {
        assertTrue(events("pauseSite", "default", "2h", "it is moved")
                .path("value")
                .asText()
                .contains("it is moved"));
        assertEquals(
                "default: it is moved",
                jolokia("/read/ai.relay:type=Events/PausedSites").at("/value/0").asText());
        assertTrue(events("resumeSite", "default").path("value").asText().contains("\"changed\" : true"));
        assertEquals(
                0,
                jolokia("/read/ai.relay:type=Events/PausedSites").path("value").size());
        JsonNode unknown = events("pauseSite", "no-such-site", "", "");
        assertTrue(unknown.path("error").asText().contains("site"), unknown.toString());
    }

    @Test
    void the_command_line_pauses_and_resumes_a_site_as_well() throws Exception {
        String paused = relay.command("pause", "default", "--until", "2h", "--reason", "its disk is full");
        assertTrue(
                paused.matches("paused   default\nuntil    20\\S+:\\d\\dZ\nreason   its disk is full\nmeanwhile .*\n"),
                paused);
        assertEquals(
                "default: its disk is full",
                jolokia("/read/ai.relay:type=Events/PausedSites").at("/value/0").asText());
        assertEquals(
                "resumed  default\nits events come within ten minutes, one after another\n",
                relay.command("resume", "default"));
        assertEquals("was not paused  default\n", relay.command("resume", "default"));
        String unknown = relay.command("pause", "no-such-site");
        assertTrue(unknown.contains("no-such-site"), unknown);
    }

    /** The endpoints of CRMs are among them as soon as a lead came. */
    @Test
    void endpoints_are_not_listed() throws Exception {
        JsonNode registries = jolokia("/search/org.apache.camel:type=services,name=DefaultEndpointRegistry*,*")
                .get("value");
        assertEquals(1, registries.size(), registries.toString());
        JsonNode answer =
                ask(Map.of("type", "exec", "mbean", registries.get(0).asText(), "operation", "listEndpoints()"));
        assertEquals(403, answer.get("status").asInt(), answer.toString());
        JsonNode listed = jolokia("/search/org.apache.camel:type=endpoints,*").get("value");
        assertEquals(0, listed.size(), listed.toString());
    }

    @Test
    void nothing_is_written() throws Exception {
        JsonNode answer =
                ask(Map.of("type", "write", "mbean", "java.lang:type=Memory", "attribute", "Verbose", "value", true));
        assertEquals(403, answer.get("status").asInt());
        assertFalse(jolokia("/read/java.lang:type=Memory/Verbose").get("value").asBoolean());
    }

    @Test
    void no_attribute_and_no_dump_of_a_route_tells_a_secret() throws Exception {
        StringBuilder all = new StringBuilder();
        for (JsonNode bean : jolokia("/search/*:*").get("value")) {
            all.append(ask(Map.of(
                    "type", "read", "mbean", bean.asText(), "config", Map.of("ignoreErrors", true, "maxDepth", 4))));
        }
        for (JsonNode route : jolokia("/search/org.apache.camel:type=routes,*").get("value")) {
            all.append(ask(Map.of("type", "exec", "mbean", route.asText(), "operation", "dumpRouteAsXml()")));
        }
        all.append(ask(Map.of("type", "exec", "mbean", CONTEXT, "operation", "dumpRoutesAsXml()")));
        String seen = all.toString();
        assertTrue(seen.contains("ExchangesTotal"), "the routes' counts are among what is read");
        assertTrue(seen.contains("call-back-wordpress"), "and the routes");
        SECRETS.forEach((setting, secret) -> {
            int at = seen.indexOf(secret);
            assertTrue(at < 0, () -> setting + " is seen: " + seen.substring(Math.max(0, at - 300), at));
        });
        assertFalse(seen.contains("token-of-this-test"), "the token in the CRM's address is seen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proxy/127.0.0.1/9876/events", "/PROXY/127.0.0.1/9876/events", "/keycloak/enabled"})
    void what_the_relay_has_no_use_for_is_not_there(String path) throws Exception {
        assertEquals(404, answer(entered(path)).statusCode());
    }

    @Test
    void no_page_of_another_origin_asks_anything_or_frames_it() throws Exception {
        HttpRequest.Builder foreign = entered("/jolokia")
                .header("Origin", "https://example.com")
                .POST(BodyPublishers.ofString("{\"type\":\"version\"}"));
        assertEquals(403, answer(foreign).statusCode());
        for (String site : List.of("cross-site", "same-site")) {
            assertEquals(
                    403,
                    answer(entered("/jolokia/version").header("Sec-Fetch-Site", site))
                            .statusCode(),
                    site);
        }
        assertEquals(
                200,
                answer(entered("/jolokia/version").header("Sec-Fetch-Site", "same-origin"))
                        .statusCode());
        HttpRequest.Builder own = entered("/jolokia")
                .header("Origin", "http://127.0.0.1:" + PORT)
                .POST(BodyPublishers.ofString("{\"type\":\"version\"}"));
        assertEquals(200, answer(own).statusCode());
        HttpResponse<String> page = answer(request("/login"));
        assertTrue(
                page.headers().allValues("Content-Security-Policy").stream()
                        .anyMatch(policy -> !policy.contains("http") && policy.contains("script-src-elem 'self'")),
                "scripts of others are forbidden");
        assertEquals("DENY", page.headers().firstValue("X-Frame-Options").orElseThrow());
    }
}

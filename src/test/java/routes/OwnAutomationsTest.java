package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import automations.LogLines;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What a user puts into the directory of a running relay, as docs/automations.md has it; WordPress and the AI by wire. */
class OwnAutomationsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MarkdownFiles PAGE = new MarkdownFiles(Path.of("docs/automations.md"));
    /** Of the steady ones: no more than the relay works on, however long a change takes to be seen. */
    private static final Duration BETWEEN_EVENTS = Duration.ofMillis(20);

    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String RESULTS = "/wp-json/ai-relay/v1/results";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer server;
    static Path automations;
    static TestRelay relay;

    private final LogLines log = new LogLines();

    @BeforeAll
    static void start() throws Exception {
        server = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        server.start();
        automations = dataDir.resolve("automations");
        relay = new TestRelay(dataDir)
                .bringingResultsTo(server.baseUrl())
                .asking(server.baseUrl())
                .with("RELAY_RETRY_DELAYS", "200ms,200ms")
                .startReady();
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
        answers("{\"thanks\":\"Thank you!\"}");
    }

    @AfterEach
    void clean() {
        log.close();
    }

    private static void answers(String answer) {
        server.stubFor(post(COMPLETIONS).willReturn(okJson(Completions.of(answer))));
    }

    private static void write(String name, String text) throws IOException {
        Path file = automations.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void awaitRoute(String id) {
        await().until(() -> relay.context().getRoute(id) != null);
    }

    /** Waits until the relay has an event of this name, or has it no more. */
    private static void awaitEvent(String event, boolean isThere) {
        await().until(() -> description().at("/components/schemas").has(event) == isThere);
    }

    private static JsonNode description() {
        return Client.call(
                        "GET", URI.create(relay.managementUrl() + "/openapi.json"), Map.of(), BodyPublishers.noBody())
                .body();
    }

    private static ObjectNode event(String name, String key) {
        return JSON.createObjectNode()
                .put("event", name)
                .put("idempotency_key", key)
                .put("order_id", 17);
    }

    private static String send(ObjectNode event) {
        String key = event.get("idempotency_key").asText();
        assertEquals(202, relay.client().send(key, event.toString()).status());
        return key;
    }

    private static JsonNode end(String key, String status) {
        await().until(() ->
                relay.client().status(key).body().get("status").asText().equals(status));
        return relay.client().status(key).body();
    }

    private static String schema(String event) {
        return """
                {"type": "object", "required": ["event", "idempotency_key"],
                 "properties": {"event": {"const": "%s"}, "idempotency_key": {"type": "string"}}}""".formatted(event);
    }

    private static String route(String id, String from, String steps) {
        return """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                """.formatted(id, from) + steps.indent(8);
    }

    private static String says(String text) {
        return """
                - setBody:
                    constant: "%s"
                """.formatted(text);
    }

    @Test
    void an_event_is_added_in_five_minutes_and_then_asks_the_ai() throws Exception {
        assertFalse(description().at("/components/schemas").has("order.paid"));
        PAGE.write("schemas/order.paid.json", 1, automations);
        PAGE.write("order-paid.camel.yaml", 1, automations);
        PAGE.write("order.json", 1, dataDir);
        awaitEvent("order.paid", true);
        assertEquals(
                "{\"$ref\":\"#/components/schemas/order.paid\"}",
                description().at("/components/schemas/Event/oneOf/7").toString());

        List<String> commands = PAGE.commands();
        assertEquals(List.of("bin/relay send --file order.json", "bin/relay show order-17"), commands);
        assertTrue(command(commands.get(0)).startsWith("202 {\"status\":\"accepted\""));
        end("order-17", "done");
        assertTrue(command(commands.get(1)).contains("\"Order 17 was paid: 59.90 EUR\""));

        PAGE.write("prompts/thank_buyer.md", 1, automations);
        PAGE.write("schemas/ai/thank_buyer.json", 1, automations);
        PAGE.write("order-paid.camel.yaml", 2, automations);
        awaitRoute("order-paid@2");
        ObjectNode order =
                (ObjectNode) JSON.readTree(dataDir.resolve("order.json").toFile());
        JsonNode ended = end(send(order.put("idempotency_key", "order-18")), "done");
        assertEquals("{\"thanks\":\"Thank you!\"}", ended.get("result").toString());
        JsonNode asked = JSON.readTree(asked().get(0).getBody());
        assertTrue(asked.at("/messages/0/content").asText().startsWith("You write for a small shop."));
        assertEquals(
                JSON.readTree("""
                        {"order_id": "17", "total": "59.90 EUR", "buyer": "[withheld]",
                         "note": "Could you wrap it up as a present, please?"}"""),
                JSON.readTree(asked.at("/messages/1/content").asText()));
        assertEquals(
                "thank_buyer", asked.at("/response_format/json_schema/name").asText());

        Path prompt = automations.resolve("prompts/thank_buyer.md");
        Files.writeString(prompt, Files.readString(prompt).replace("a small shop", "a bakery"));
        List<String> prompts = new ArrayList<>();
        await().until(() -> {
            end(send(order.put("idempotency_key", Samples.key())), "done");
            prompts.add(JSON.readTree(asked().get(asked().size() - 1).getBody())
                    .at("/messages/0/content")
                    .asText());
            return prompts.get(prompts.size() - 1).startsWith("You write for a bakery.");
        });
        assertEquals(List.of(), log.errors());
    }

    private static List<LoggedRequest> asked() {
        return server.findAll(postRequestedFor(urlPathEqualTo(COMPLETIONS))).stream()
                .sorted(java.util.Comparator.comparing(LoggedRequest::getLoggedDate))
                .toList();
    }

    /** The command of the documentation, in a process of its own. */
    private static String command(String line) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "operations.Cli"));
        command.addAll(List.of(line.split(" ")).subList(1, line.split(" ").length));
        File out = dataDir.resolve("out.txt").toFile();
        ProcessBuilder process = new ProcessBuilder(command).directory(dataDir.toFile());
        process.environment().put("WP_RELAY_SECRET", TestRelay.SECRET);
        process.environment().put("LC_ALL", "C.UTF-8");
        process.environment().put("RELAY_PORT", Integer.toString(relay.port()));
        process.environment().put("RELAY_MANAGEMENT_PORT", relay.managementUrl().replaceFirst(".*:", ""));
        assertEquals(
                0,
                process.redirectErrorStream(true).redirectOutput(out).start().waitFor(),
                Files.readString(out.toPath()));
        return Files.readString(out.toPath());
    }

    @Test
    void a_prompt_of_the_relays_own_is_replaced_until_the_file_goes() throws Exception {
        answers("{\"verdict\":\"hold\",\"confidence\":0.5,\"reason\":\"So so.\"}");
        write("prompts/moderate_comment.md", "---\nfields: content\ncharacters: 100\n---\nBe kind.\n");
        String kind = "Be kind.";
        await().until(() -> prompt().equals(kind));
        Files.delete(automations.resolve("prompts/moderate_comment.md"));
        await().until(() -> prompt().startsWith("You help the moderator"));
    }

    private static String prompt() throws IOException {
        // Each its own: the same comment under the same prompt is not asked again.
        String key = Samples.key();
        end(send(Samples.comment(key, "A fine day, " + key)), "done");
        return JSON.readTree(asked().get(asked().size() - 1).getBody())
                .at("/messages/0/content")
                .asText();
    }

    @Test
    void a_built_in_automation_is_replaced_until_the_file_goes() throws Exception {
        answers("{\"verdict\":\"hold\",\"confidence\":0.5,\"reason\":\"So so.\"}");
        write("comments.camel.yaml", route("mine", "direct:on-comment.created", says("mine")));
        awaitRoute("mine@1");
        assertEquals(
                "mine",
                end(send(Samples.comment(Samples.key(), "A fine day.")), "done")
                        .get("result")
                        .asText());
        Files.delete(automations.resolve("comments.camel.yaml"));
        await().until(() -> relay.context().getRoute("mine@1") == null);
        assertEquals(
                "hold",
                end(send(Samples.comment(Samples.key(), "A fine day.")), "done")
                        .at("/result/verdict")
                        .asText());
    }

    @Test
    void an_event_without_a_route_is_a_dead_letter_that_says_which_one_is_missing() throws Exception {
        write("schemas/lonely.event.json", schema("lonely.event"));
        awaitEvent("lonely.event", true);
        String error = end(send(event("lonely.event", Samples.key())), "error")
                .get("error")
                .asText();
        assertEquals(
                "no automation is there for lonely.event: no route in RELAY_AUTOMATIONS_DIR is from direct:on-lonely.event",
                error);
        Files.delete(automations.resolve("schemas/lonely.event.json"));
        awaitEvent("lonely.event", false);
        String key = Samples.key();
        assertEquals(
                422,
                relay.client().send(key, event("lonely.event", key).toString()).status());
    }

    @Test
    void a_route_that_fails_is_tried_again_and_its_event_is_a_dead_letter_at_last() throws Exception {
        server.stubFor(post("/ill").willReturn(serverError()));
        write("schemas/ill.event.json", schema("ill.event"));
        write("ill.camel.yaml", route("ill", "direct:on-ill.event", """
                - marshal:
                    json:
                      library: Jackson
                - to:
                    id: to-the-ill
                    uri: "%s/ill"
                """.formatted(server.baseUrl())));
        awaitEvent("ill.event", true);
        JsonNode ended = end(send(event("ill.event", Samples.key()).put("secret", "shh")), "error");
        assertEquals(3, ended.get("attempts").asInt());
        assertTrue(ended.get("error").asText().matches("answered 500 \\(http.*/ill\\)"), ended.toString());
        assertEquals(3, server.findAll(postRequestedFor(urlPathEqualTo("/ill"))).size());
    }

    @Test
    void nothing_of_ours_goes_out_with_a_request_and_nothing_of_an_answer_comes_in() throws Exception {
        server.stubFor(post("/elsewhere")
                .willReturn(
                        okJson("{}").withHeader("RelaySite", "another").withHeader("CamelHttpUri", "http://x.test")));
        write("schemas/http.event.json", schema("http.event"));
        write("http.camel.yaml", route("http", "direct:on-http.event", """
                - marshal:
                    json:
                      library: Jackson
                - to:
                    id: to-elsewhere
                    uri: "%s/elsewhere"
                    parameters:
                      httpMethod: POST
                - setBody:
                    simple: "${header.RelaySite} ${header.CamelHttpUri} ${header.RelayEvent}"
                """.formatted(server.baseUrl())));
        awaitEvent("http.event", true);
        JsonNode ended = end(send(event("http.event", Samples.key())), "done");
        assertEquals("default  http.event", ended.get("result").asText());
        LoggedRequest request =
                server.findAll(postRequestedFor(urlPathEqualTo("/elsewhere"))).get(0);
        Set<String> names = new HashSet<>();
        request.getHeaders().keys().forEach(name -> names.add(name.toLowerCase(java.util.Locale.ROOT)));
        assertTrue(
                names.stream().noneMatch(name -> name.startsWith("relay") || name.startsWith("camel")),
                names.toString());
    }

    @Test
    void a_call_back_has_the_action_and_the_target_that_the_route_says() throws Exception {
        write("schemas/parcel.sent.json", schema("parcel.sent"));
        write("parcel.camel.yaml", route("parcel", "direct:on-parcel.sent", """
                - setHeader:
                    name: RelayAction
                    constant: tell_buyer
                - setHeader:
                    name: RelayTargetType
                    simple: "${body[type]}"
                - setHeader:
                    name: RelayTargetId
                    simple: "${body[order_id]}"
                - setBody:
                    constant: "on its way"
                - to:
                    id: tell-wordpress
                    uri: direct:call-back-wordpress
                """));
        awaitEvent("parcel.sent", true);
        String key = send(event("parcel.sent", Samples.key()).put("type", "post"));
        assertEquals("on its way", end(key, "done").get("result").asText());
        LoggedRequest request = server.findAll(postRequestedFor(urlPathEqualTo(RESULTS))).stream()
                .filter(each -> each.getHeader("Idempotency-Key").equals(key + ":tell_buyer"))
                .findFirst()
                .orElseThrow();
        JsonNode body = JSON.readTree(request.getBody());
        assertEquals("tell_buyer", body.get("action").asText());
        assertEquals("post", body.at("/target/type").asText());
        assertEquals("17", body.at("/target/id").asText());
        String error = end(send(event("parcel.sent", Samples.key()).put("type", "parcel")), "error")
                .get("error")
                .asText();
        assertTrue(error.startsWith("the call-back has no target: the event should have"), error);
    }

    @Test
    void events_go_through_while_their_route_is_changed_again_and_again() throws Exception {
        write("schemas/busy.event.json", schema("busy.event"));
        write("busy.camel.yaml", route("busy", "direct:on-busy.event", says("1")));
        awaitEvent("busy.event", true);
        List<String> keys = new ArrayList<>();
        for (int version = 2; version <= 4; version++) {
            write("busy.camel.yaml", route("busy", "direct:on-busy.event", says(Integer.toString(version))));
            String id = "busy@" + version;
            await().pollInterval(BETWEEN_EVENTS).until(() -> {
                keys.add(send(event("busy.event", Samples.key())));
                return relay.context().getRoute(id) != null;
            });
            for (int i = 0; i < 20; i++) {
                keys.add(send(event("busy.event", Samples.key())));
            }
        }
        Set<String> versions = new HashSet<>();
        for (String key : keys) {
            JsonNode ended = end(key, "done");
            assertEquals(1, ended.get("attempts").asInt(), ended.toString());
            versions.add(ended.get("result").asText());
        }
        assertTrue(versions.containsAll(Set.of("1", "4")), versions.toString());
        assertEquals(List.of(), log.errors());
    }

    @Test
    void a_file_that_breaks_keeps_what_it_said_and_is_told_in_one_line() throws Exception {
        write("schemas/frail.event.json", schema("frail.event"));
        write("prompts/frail.md", "---\nfields: order_id\ncharacters: 10\n---\nOne.");
        write("schemas/ai/frail.json", "{\"type\":\"object\",\"properties\":{\"thanks\":{\"type\":\"string\"}}}");
        write("frail.camel.yaml", route("frail", "direct:on-frail.event", """
                - setHeader:
                    name: RelayAiTask
                    constant: frail
                - to:
                    id: frail-asks
                    uri: direct:ask-ai
                """));
        awaitEvent("frail.event", true);
        write("schemas/frail.event.json", "{\"type\": 7}");
        write("prompts/frail.md", "One.");
        write("frail.camel.yaml", "- route: {id: frail, from: {uri: 'direct:on-frail.event', steps: [{two: 2}]}}");
        await().until(() -> log.errors().size() == 3);
        String all = String.join("\n", log.errors());
        for (String line : new String[] {
            "the task frail cannot be used, and what it said before holds: prompts/frail.md has to begin with",
            "frail.camel.yaml cannot be used, and what it said before holds: Unknown node id: two",
            "schemas/frail.event.json cannot be used, and what it said before holds: it is no JSON Schema (2020-12): /type"
        }) {
            assertTrue(all.contains("RELAY_AUTOMATIONS_DIR: " + line), all);
        }
        JsonNode ended = end(send(event("frail.event", Samples.key())), "done");
        assertEquals("Thank you!", ended.at("/result/thanks").asText());
        assertEquals(3, log.errors().size());
    }

    @Test
    void an_automation_is_not_reached_by_the_name_of_an_event() {
        for (String name : new String[] {"../ai/enrich_post", "ai/enrich_post", "post.published/../x.y", "a.b%00"}) {
            String key = Samples.key();
            assertEquals(
                    422, relay.client().send(key, event(name, key).toString()).status(), name);
        }
        assertNull(relay.context().hasEndpoint("direct:on-a.b%00"));
        assertEquals(0, server.findAll(anyRequestedFor(anyUrl())).size());
    }

    @Test
    void a_task_of_a_batch_that_only_a_schema_knows_is_a_dead_letter_that_says_so() throws IOException {
        write("schemas/batch.requested.json", schema("batch.requested"));
        String key = Samples.key();
        String batch = Samples.batch(key, "translate_posts", LongStream.of(1)).toString();
        await().until(() -> relay.client().send(key, batch).status() == 202);
        JsonNode end = end(key, "error");
        assertTrue(end.get("error").asText().contains("no task 'translate_posts'"), end::toString);
        Files.delete(automations.resolve("schemas/batch.requested.json"));
    }
}

package routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import operations.ApiDescription;
import org.apache.camel.component.platform.http.HttpEndpointModel;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the description is one, and of this relay. Its answers are held against it wherever {@link Client} gets one. */
class OpenApiTest {
    private static final String TOKEN = "a token of the operator's";
    private static final Path SCHEMAS = Path.of("src/main/resources/schemas");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        relay = new TestRelay(dataDir).with("RELAY_ADMIN_TOKEN", TOKEN).startReady();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static SwaggerParseResult parse(JsonNode description) {
        return new OpenAPIV3Parser().readContents(description.toString());
    }

    @Test
    void it_is_valid_openapi_3_1() {
        SwaggerParseResult parsed = parse(ApiDescription.read());
        assertEquals(Set.of(), Set.copyOf(parsed.getMessages()));
        assertTrue(parsed.isOpenapi31());
        assertEquals(31, parsed.getOpenAPI().getPaths().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/info", "/components/parameters/Site", "/components/responses/NotFound"})
    void a_mistake_in_it_is_found(String where) {
        ObjectNode description = ApiDescription.read();
        ((ObjectNode) description.at(where)).removeAll().put("surprise", true);
        assertFalse(parse(description).getMessages().isEmpty());
    }

    @Test
    void it_is_served_to_whoever_reaches_the_management_port() {
        Client.Answer answer = Client.call(
                "GET",
                URI.create(relay.managementUrl() + "/openapi.json"),
                Map.of("Origin", "https://editor.test"),
                BodyPublishers.noBody());
        assertEquals(200, answer.status());
        assertEquals(ApiDescription.read(), answer.body());
    }

    @Test
    void every_event_is_in_it_with_the_schema_that_it_is_checked_by() throws Exception {
        ObjectNode description = ApiDescription.read();
        Set<String> events = new TreeSet<>();
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                String name = file.getFileName().toString().replaceFirst("\\.json$", "");
                if (name.contains(".")) {
                    ObjectNode schema = (ObjectNode) JSON.readTree(file.toFile());
                    schema.remove("$schema");
                    assertEquals(schema, description.at("/components/schemas").get(name), name);
                    events.add("#/components/schemas/" + name);
                }
            }
        }
        Set<String> described = new TreeSet<>();
        description
                .at("/components/schemas/Event/oneOf")
                .forEach(event -> described.add(event.path("$ref").asText()));
        assertEquals(events, described);
    }

    @Test
    void every_endpoint_is_described_and_none_that_is_not_there() {
        PlatformHttpComponent http = relay.context().getComponent("platform-http", PlatformHttpComponent.class);
        Set<String> served = new TreeSet<>();
        http.getHttpEndpoints().forEach(endpoint -> served.add(describe(endpoint)));
        http.getHttpManagementEndpoints().forEach(endpoint -> served.add(describe(endpoint)));
        // Camel names one path for its three.
        served.addAll(Set.of("get /observe/health/live", "get /observe/health/ready"));
        Set<String> described = new TreeSet<>();
        for (var path : ApiDescription.read().get("paths").properties()) {
            for (String method : new String[] {"get", "put", "post", "delete", "patch", "head", "options", "trace"}) {
                if (path.getValue().has(method)) {
                    described.add(method + " " + path.getKey());
                }
            }
        }
        assertEquals(described, served);
    }

    private static String describe(HttpEndpointModel endpoint) {
        return endpoint.getVerbs().toLowerCase(Locale.ROOT) + " " + endpoint.getUri();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/observe/health", "/observe/health/live", "/observe/health/ready", "/observe/metrics"})
    void what_is_observed_is_answered_as_described(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);
        assertEquals(200, answer.statusCode());
        DescribedAnswers.check(answer);
    }

    private static HttpResponse<byte[]> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(relay.managementUrl() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void with_a_token_the_events_are_for_who_has_it() {
        URI events = URI.create(relay.managementUrl() + "/events");
        assertEquals(
                401,
                Client.call("GET", events, Map.of(), BodyPublishers.noBody()).status());
        Map<String, String> token = Map.of("Authorization", "Bearer " + TOKEN);
        assertEquals(
                200, Client.call("GET", events, token, BodyPublishers.noBody()).status());
        assertEquals(
                405,
                Client.call("DELETE", events, token, BodyPublishers.noBody()).status());
    }

    @Test
    void another_method_is_refused_with_those_that_there_are() {
        for (var path : ApiDescription.read().get("paths").properties()) {
            JsonNode operations = path.getValue();
            for (String method : List.of("get", "post")) {
                if (operations.at("/" + method + "/responses").has("405")) {
                    String url = path.getKey().startsWith("/webhooks")
                            ? "http://127.0.0.1:" + relay.port()
                            : relay.managementUrl();
                    URI one = URI.create(url + path.getKey().replaceAll("\\{\\w+}", "one"));
                    Client.Answer answer = Client.call("DELETE", one, Map.of(), BodyPublishers.noBody());
                    assertEquals(405, answer.status(), path.getKey());
                    List<String> allowed = List.of(answer.header("Allow").split(", "));
                    assertTrue(allowed.contains(method.toUpperCase(Locale.ROOT)), path.getKey() + " allows " + allowed);
                }
            }
        }
    }

    @Test
    void an_answer_that_is_not_described_is_noticed() throws Exception {
        HttpResponse<byte[]> metrics = get("/observe/metrics");
        assertThrows(AssertionError.class, () -> DescribedAnswers.check(new Spoiled(metrics, 418, "{}")));
        HttpResponse<byte[]> health = get("/observe/health");
        DescribedAnswers.check(new Spoiled(health, 200, "{\"status\":\"UP\",\"checks\":[]}"));
        for (String body : new String[] {"{}", "{\"status\":\"UP\",\"checks\":[],\"more\":1}", "[]"}) {
            assertThrows(AssertionError.class, () -> DescribedAnswers.check(new Spoiled(health, 200, body)), body);
        }
    }
}

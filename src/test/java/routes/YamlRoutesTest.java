package routes;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The habits that make the YAML routes easy to read, and to find in Hawtio, a log and a stack trace. */
class YamlRoutesTest {
    private static final Path DIRECTORY = Path.of("src", "main", "resources", "camel");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final int LONGEST_FILE = 75;
    /** The steps that send: somebody will want to watch or to mock them. */
    private static final Set<String> SENDS = Set.of("to", "toD", "wireTap", "enrich", "pollEnrich");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.sorted().toList();
        }
    }

    private static JsonNode parse(Path file) throws IOException {
        JsonNode parsed = YAML.readTree(file.toFile());
        assertTrue(parsed.isArray(), "a list at the top");
        assertEquals(1, parsed.size(), "one route, one file");
        return parsed.get(0);
    }

    @ParameterizedTest
    @MethodSource("files")
    void a_file_holds_one_route_that_is_named_as_the_file_and_described(Path file) throws IOException {
        JsonNode item = parse(file);
        JsonNode route = item.has("route") ? item.get("route") : item.get("routeConfiguration");
        assertNotNull(route, "canonical form starts with - route: or - routeConfiguration:");
        assertEquals(file.getFileName().toString(), route.path("id").asText() + ".camel.yaml");
        assertTrue(Files.readAllLines(file).size() <= LONGEST_FILE, "one screen");
        if (item.has("route")) {
            assertFalse(route.path("description").asText().isBlank(), "a description");
            assertTrue(route.at("/from/steps").isArray(), "steps belong into from");
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void endpoint_options_are_parameters_and_every_send_has_an_id(Path file) throws IOException {
        List<String> faults = new ArrayList<>();
        check(parse(file), faults);
        assertEquals(List.of(), faults);
    }

    private static void check(JsonNode node, List<String> faults) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            JsonNode value = entry.getValue();
            boolean isSend = SENDS.contains(entry.getKey());
            if (isSend && value.path("id").asText().isBlank()) {
                faults.add(entry.getKey() + " without an id: " + value);
            }
            // Within ${…} a question mark belongs to the Simple language.
            if (value.path("uri").asText().replaceAll("\\$\\{[^}]*}", "").contains("?")) {
                faults.add("options in the uri instead of in parameters: " + value.path("uri"));
            }
        }
        node.forEach(child -> check(child, faults));
    }

    @Test
    void no_id_is_used_twice() throws IOException {
        List<String> ids = new ArrayList<>();
        for (Path file : files()) {
            parse(file).findValuesAsText("id").forEach(ids::add);
        }
        Set<String> seen = new HashSet<>();
        assertEquals(List.of(), ids.stream().filter(id -> !seen.add(id)).toList());
    }

    @ParameterizedTest
    @MethodSource("files")
    void camel_loads_it(Path file) throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.getPropertiesComponent().addLocation("classpath:application.properties");
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context).resolveResource("file:" + file));
            ModelCamelContext model = (ModelCamelContext) context;
            assertAll(() -> assertEquals(
                    1,
                    model.getRouteDefinitions().size()
                            + model.getRouteConfigurationDefinitions().size()));
        }
    }

    @Test
    void every_direct_endpoint_that_is_sent_to_is_a_route() throws IOException {
        Set<String> routes = new HashSet<>();
        Set<String> sent = new HashSet<>();
        for (Path file : files()) {
            JsonNode item = parse(file);
            routes.add(item.at("/route/from/uri").asText());
            item.findValuesAsText("uri").stream()
                    .filter(uri -> uri.startsWith("direct:") && !uri.contains("{{") && !uri.contains("${"))
                    .forEach(sent::add);
        }
        sent.removeAll(routes);
        assertEquals(Set.of(), sent);
    }
}

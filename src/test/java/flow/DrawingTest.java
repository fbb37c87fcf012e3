package flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chaos.MarkedBlock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.TestRelay;

/** The drawing in docs/architecture.md is of the routes that there are. */
class DrawingTest {
    private static final Path PAGE = Path.of("docs", "architecture.md");
    private static final String COMMAND = "./mvnw test-compile surefire:test -Dtest=DrawingTest -Dflow.write=true";
    /** As README shows the way of an event: three spaces, the route's name, two or more spaces. */
    private static final Pattern IN_README = Pattern.compile("^ {3}([a-z]+(?:-[a-z]+)+) {2,}\\S", Pattern.MULTILINE);

    @TempDir
    static Path directory;

    private static TestRelay relay;
    private static Flow flow;

    @BeforeAll
    static void start() throws Exception {
        relay = new TestRelay(directory).startReady();
        flow = new Flow(relay.context());
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    @Test
    void the_drawing_is_that_of_the_routes() throws Exception {
        MarkedBlock block = new MarkedBlock(PAGE, "flow");
        String drawn = new Drawing(flow).markdown();
        if (Boolean.getBoolean("flow.write")) {
            block.write(drawn);
        }
        assertEquals(drawn.strip(), block.read().strip(), "the routes have changed; to draw them again: " + COMMAND);
    }

    @Test
    void each_route_is_sent_to_by_another_or_begins_something() {
        assertEquals(Set.of(), flow.orphans());
    }

    @Test
    void each_name_in_the_readme_is_a_route_or_a_file_of_routes() throws Exception {
        List<String> named = IN_README
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult line) -> line.group(1))
                .toList();
        Set<String> routes = flow.nodes().stream().map(Flow.Node::id).collect(Collectors.toSet());
        assertTrue(named.size() > 10, () -> "only " + named);
        assertEquals(
                List.of(),
                named.stream()
                        .filter(name -> !routes.contains(name) && !isFileOfRoutes(name))
                        .toList());
    }

    private static boolean isFileOfRoutes(String name) {
        String type = Pattern.compile("(?:^|-)(.)").matcher(name).replaceAll(first -> first.group(1)
                .toUpperCase(Locale.ROOT));
        return Files.exists(Path.of("src/main/java/routes", type + ".java"));
    }
}

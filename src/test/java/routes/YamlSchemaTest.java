package routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The YAML routes, those of the documentation too, as the schema of Camel's YAML DSL has them: the one that editors such
 * as Kaoto go by, which Camel itself, being more lenient, does not look at.
 */
class YamlSchemaTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern IN_PAGE = Pattern.compile(
            "^\\*\\*`[^`\\n]+\\.camel\\.yaml`\\*\\*\\n\\n```yaml\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private static Schema schema;

    /** @param name for a message */
    record Routes(String name, String yaml) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void readSchema() throws IOException {
        try (InputStream json = YamlSchemaTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
                    .getSchema(json);
        }
    }

    static List<Routes> routes() throws IOException {
        String page = Files.readString(Path.of("docs", "automations.md"));
        try (Stream<Path> shipped = Files.list(Path.of("src", "main", "resources", "camel"));
                Stream<Path> examples = Files.walk(Path.of("docs", "examples"))) {
            List<Routes> files = Stream.concat(shipped, examples)
                    .filter(file -> file.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .map(YamlSchemaTest::read)
                    .toList();
            List<Routes> inPage = IN_PAGE.matcher(page)
                    .results()
                    .map(block -> new Routes(
                            "automations.md: " + block.group(1).lines().skip(1).findFirst(), block.group(1)))
                    .toList();
            return Stream.concat(files.stream(), inPage.stream()).toList();
        }
    }

    private static Routes read(Path file) {
        try {
            return new Routes(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void an_editor_of_camel_routes_reads_it(Routes routes) throws IOException {
        JsonNode read = YAML.readTree(routes.yaml());
        assertEquals(
                List.of(), schema.validate(read).stream().map(Object::toString).toList());
    }
}

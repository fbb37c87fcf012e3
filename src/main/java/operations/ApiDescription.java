package operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The relay's own HTTP interface, as OpenAPI 3.1: {@code openapi.yaml}. The events are described by their schemas, the
 * very files that they are checked by, which are put into its components: whoever reads it needs no other file.
 */
public final class ApiDescription {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What is said once in the file is repeated in the document. */
    private static final int MOST_REPETITIONS = 500;

    private ApiDescription() {}

    /** @throws UncheckedIOException when it is not on the class path as it should be */
    public static ObjectNode read() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(MOST_REPETITIONS);
        try (InputStream file = open("openapi.yaml")) {
            ObjectNode document = JSON.valueToTree(new Yaml(new SafeConstructor(options)).load(file));
            ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
            for (var schema : schemas.properties()) {
                schema.setValue(embedded(schema.getValue()));
            }
            return document;
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.yaml or a schema that it refers to cannot be read", e);
        }
    }

    /** The description with these events as well, or in the place of those of the same name. */
    public static ObjectNode with(ObjectNode description, Map<String, JsonNode> events) {
        ObjectNode document = description.deepCopy();
        ObjectNode schemas = (ObjectNode) document.at("/components/schemas");
        ArrayNode all = (ArrayNode) document.at("/components/schemas/Event/oneOf");
        events.forEach((event, schema) -> {
            if (!schemas.has(event)) {
                all.addObject().put("$ref", "#/components/schemas/" + event);
            }
            schemas.set(event, ((ObjectNode) schema).deepCopy().without("$schema"));
        });
        return document;
    }

    /** The file that a schema refers to, or else the schema itself. */
    private static JsonNode embedded(JsonNode schema) throws IOException {
        String reference = schema.path("$ref").asText("#");
        if (reference.startsWith("#")) {
            return schema;
        }
        try (InputStream file = open(reference)) {
            // A document has one dialect: 2020-12, which these files and OpenAPI 3.1 have in common.
            return ((ObjectNode) JSON.readTree(file)).without("$schema");
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream file = ApiDescription.class.getResourceAsStream("/" + resource);
        if (file == null) {
            throw new IOException(resource + " is not on the class path");
        }
        return file;
    }
}

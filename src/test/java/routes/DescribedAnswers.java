package routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import operations.ApiDescription;

/** Holds what a relay answers against {@code openapi.yaml}: an answer that is not described there is a failure. */
final class DescribedAnswers {
    private static final String DOCUMENT = "https://relay.test/openapi.json";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode DESCRIPTION = closed(ApiDescription.read());
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            dialect(), registry -> registry.schemas(Map.of(DOCUMENT, DESCRIPTION.toString()))
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .formatAssertionsEnabled(true)
                            .build()));
    private static final Map<String, Schema> KNOWN = new ConcurrentHashMap<>();

    private DescribedAnswers() {}

    /** OpenAPI 3.1 has its schemas in JSON Schema; what stands around them is nothing to validate by. */
    private static Dialect dialect() {
        List<NonValidationKeyword> around = DESCRIPTION
                .propertyStream()
                .map(Map.Entry::getKey)
                .map(NonValidationKeyword::new)
                .toList();
        return Dialect.builder(Dialects.getDraft202012()).keywords(around).build();
    }

    /** @throws AssertionError when the description does not have this answer, or has another under its status */
    static void check(HttpResponse<byte[]> answer) {
        String path = answer.request().uri().getRawPath();
        String method = answer.request().method().toLowerCase(Locale.ROOT);
        String what = method + " " + path + " answered " + answer.statusCode();
        String template = template(path);
        if (template == null) {
            assertEquals(404, answer.statusCode(), what + ", and openapi.yaml has no such path");
            return;
        }
        JsonNode operations = DESCRIPTION.get("paths").get(template);
        String described = operations.has(method) ? method : anyMethod(operations);
        assertTrue(operations.has(method) || answer.statusCode() == 405, what + ", a method that is not described");
        String pointer =
                "/paths/" + template.replace("/", "~1") + "/" + described + "/responses/" + answer.statusCode();
        check(answer, resolved(pointer, what), what);
    }

    private static void check(HttpResponse<byte[]> answer, String pointer, String what) {
        JsonNode response = DESCRIPTION.at(pointer);
        for (var header : response.path("headers").properties()) {
            String at = resolved(pointer + "/headers/" + header.getKey(), what);
            List<String> values = answer.headers().allValues(header.getKey());
            assertTrue(
                    !values.isEmpty() || !DESCRIPTION.at(at).path("required").asBoolean(),
                    what + " without " + header.getKey());
            values.forEach(
                    value -> assertValid(at + "/schema", TextNode.valueOf(value), what + ": " + header.getKey()));
        }
        String type = answer.headers().firstValue("Content-Type").orElse("none").replaceFirst("\\s*;.*", "");
        assertTrue(response.path("content").has(type), what + " with a body that is not described, " + type);
        assertValid(pointer + "/content/" + type.replace("/", "~1") + "/schema", body(answer, type), what);
    }

    private static JsonNode body(HttpResponse<byte[]> answer, String type) {
        try {
            return type.equals("application/json")
                    ? JSON.readTree(answer.body())
                    : TextNode.valueOf(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertValid(String pointer, JsonNode value, String what) {
        Schema schema = KNOWN.computeIfAbsent(
                pointer,
                at -> SCHEMAS.getSchema(SchemaLocation.of(
                        DOCUMENT + "#" + at.replace("{", "%7B").replace("}", "%7D"))));
        assertEquals(List.of(), schema.validate(value), () -> what + ", not as openapi.yaml has it: " + value);
    }

    /** Where a thing is that may be a reference. */
    private static String resolved(String pointer, String what) {
        JsonNode thing = DESCRIPTION.at(pointer);
        assertTrue(!thing.isMissingNode(), () -> what + ", which is not described at " + pointer);
        return thing.has("$ref") ? thing.get("$ref").textValue().substring(1) : pointer;
    }

    /** The path as the description has it: as it is, or else with a variable; null when it is not there. */
    private static String template(String path) {
        JsonNode paths = DESCRIPTION.get("paths");
        if (paths.has(path)) {
            return path;
        }
        return StreamSupport.stream(((Iterable<String>) paths::fieldNames).spliterator(), false)
                .filter(template -> path.matches(template.replaceAll("\\{\\w+}", "[^/]+")))
                .findFirst()
                .orElse(null);
    }

    private static String anyMethod(JsonNode operations) {
        return operations.has("get") ? "get" : "post";
    }

    /** As it is, but that an answer may have no field which is not described. The events are the senders'. */
    private static ObjectNode closed(ObjectNode description) {
        for (JsonNode properties : description.at("/components/schemas").findParents("properties")) {
            if (!properties.has("title") && properties.path("properties").isObject()) {
                ((ObjectNode) properties).put("additionalProperties", false);
            }
        }
        return description;
    }
}

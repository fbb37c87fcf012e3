package text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A JSON Schema (2020-12) that says what is wrong in words for whoever wrote the document. Immutable and safe to share. */
public final class JsonSchema {
    /** More would be noise; these have to be mended first. */
    private static final int MOST_VIOLATIONS = 20;

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /** Ours: whether what a property holds is personal. Validation does not get to see it, and so need not know it. */
    private static final String PERSONAL = "x-personal";

    /** Ours too, at the top: whether anybody who comes along may cause such an event. */
    private static final String ANONYMOUS = "x-anonymous";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The schema of schemas. Read by the first that is checked against it and not by the start, a part of which it would take. */
    private static final class Meta {
        static final Schema SCHEMA =
                REGISTRY.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    }

    private final Schema schema;
    private final Map<String, Boolean> personal = new LinkedHashMap<>();
    private final boolean isAnonymous;

    /** @param field such as {@code meta.categories[0]}; @param problem as the end of a sentence that begins with it */
    public record Violation(String field, String problem) {}

    private JsonSchema(JsonNode definition) {
        takeMarks("", definition);
        this.isAnonymous = definition.path(ANONYMOUS).asBoolean();
        if (definition instanceof ObjectNode root) {
            root.remove(ANONYMOUS);
        }
        this.schema = REGISTRY.getSchema(definition.toString(), InputFormat.JSON);
    }

    private void takeMarks(String prefix, JsonNode schema) {
        schema.path("properties").properties().forEach(property -> {
            if (property.getValue() instanceof ObjectNode definition) {
                JsonNode mark = definition.remove(PERSONAL);
                if (mark != null) {
                    personal.put(prefix + property.getKey(), mark.asBoolean());
                }
                takeMarks(prefix + property.getKey() + ".", definition);
            }
        });
    }

    /** @throws UncheckedIOException when it cannot be read */
    public static JsonSchema read(URL file) {
        try (InputStream content = file.openStream()) {
            String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
            return new JsonSchema(JSON.readTree(text));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /**
     * A schema that somebody has just written.
     *
     * @throws IOException when it is none, with what is wrong in one line
     */
    public static JsonSchema of(String text) throws IOException {
        JsonNode definition = parse(text);
        try {
            JsonSchema schema = new JsonSchema(definition.deepCopy());
            schema.schema.initializeValidators();
            return schema;
        } catch (RuntimeException e) {
            // A $ref that leads nowhere, a pattern that is none.
            throw new IOException("it is no JSON Schema that can be used: " + firstLine(e), e);
        }
    }

    private static JsonNode parse(String text) throws IOException {
        JsonNode definition;
        try {
            definition = STRICT.readTree(text);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : ", at line " + e.getLocation().getLineNr();
            throw new IOException("it is no JSON, or has a name twice" + where, e);
        }
        if (!definition.isObject()) {
            throw new IOException("it is no JSON object, which a schema is");
        }
        String violations = Meta.SCHEMA.validate(definition).stream()
                .limit(MOST_VIOLATIONS)
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .collect(Collectors.joining("; "));
        if (!violations.isEmpty()) {
            throw new IOException("it is no JSON Schema (2020-12): " + violations);
        }
        return definition;
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("");
    }

    /** The schema itself, without the marks. */
    public JsonNode definition() {
        return schema.getSchemaNode();
    }

    /** The properties with {@code x-personal}, and what it says, by path, such as {@code fields.message}. */
    public Map<String, Boolean> personal() {
        return Map.copyOf(personal);
    }

    /** Whether it says {@code x-anonymous}. */
    public boolean isAnonymous() {
        return isAnonymous;
    }

    public List<Violation> violations(JsonNode document) {
        return schema.validate(document).stream()
                .limit(MOST_VIOLATIONS)
                .map(JsonSchema::violation)
                .toList();
    }

    private static Violation violation(Error error) {
        String field = error.getInstanceLocation()
                .toString()
                .replaceFirst("^/", "")
                .replaceAll("/(\\d+)", "[$1]")
                .replace('/', '.');
        if (error.getProperty() != null) {
            field = field.isEmpty() ? error.getProperty() : field + "." + error.getProperty();
        }
        return new Violation(field, error.getKeyword().equals("required") ? "is required" : error.getMessage());
    }
}

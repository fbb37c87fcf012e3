package text;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A JSON Schema (2020-12) that says what is wrong in words for whoever wrote the document. Immutable and safe to share. */
public final class JsonSchema {
    /** More would be noise; these have to be mended first. */
    private static final int MOST_VIOLATIONS = 20;

    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final Schema schema;

    /** @param field such as {@code meta.categories[0]}; @param problem as the end of a sentence that begins with it */
    public record Violation(String field, String problem) {}

    private JsonSchema(Schema schema) {
        this.schema = schema;
    }

    /** @throws UncheckedIOException when it cannot be read */
    public static JsonSchema read(URL file) {
        try (InputStream content = file.openStream()) {
            String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
            return new JsonSchema(REGISTRY.getSchema(text, InputFormat.JSON));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
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

package ingress;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import ingress.RejectedRequest.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JSON Schemas (2020-12) of the events, one file each: {@code schemas/<event>.json}. */
public final class EventSchemas {
    /** More would be noise; the sender mends these first. */
    private static final int MOST_PROBLEMS = 20;

    private static final List<String> EVENTS = List.of("post.published", "comment.created");

    private final Map<String, Schema> schemas = new TreeMap<>();

    public EventSchemas() {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        for (String event : EVENTS) {
            schemas.put(event, registry.getSchema(read("/schemas/" + event + ".json"), InputFormat.JSON));
        }
    }

    /** @throws RejectedRequest 422 with what is wrong in which field */
    public void check(JsonNode event) {
        String name = event.path("event").asText("");
        Schema schema = schemas.get(name);
        if (schema == null) {
            throw RejectedRequest.invalidEvent(List.of(unknown(event)));
        }
        List<Problem> problems = schema.validate(event).stream()
                .limit(MOST_PROBLEMS)
                .map(EventSchemas::problem)
                .toList();
        if (!problems.isEmpty()) {
            throw RejectedRequest.invalidEvent(problems);
        }
    }

    private Problem unknown(JsonNode event) {
        if (!event.isObject()) {
            return new Problem("", "must be a JSON object");
        }
        if (!event.has("event")) {
            return new Problem("event", "is required");
        }
        return new Problem("event", "is none of " + String.join(", ", schemas.keySet()));
    }

    private static Problem problem(Error error) {
        String field = error.getInstanceLocation()
                .toString()
                .replaceFirst("^/", "")
                .replaceAll("/(\\d+)", "[$1]")
                .replace('/', '.');
        if (error.getProperty() != null) {
            field = field.isEmpty() ? error.getProperty() : field + "." + error.getProperty();
        }
        return new Problem(field, error.getKeyword().equals("required") ? "is required" : error.getMessage());
    }

    private static String read(String resource) {
        try (InputStream file = EventSchemas.class.getResourceAsStream(resource)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }
}

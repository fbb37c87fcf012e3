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
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The JSON Schemas (2020-12) of the events, one file each: {@code schemas/<event>.json}. */
public final class EventSchemas {
    /** More would be noise; the sender mends these first. */
    private static final int MOST_PROBLEMS = 20;

    /** A name of the sender's, which becomes a part of a path. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)+");

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    /** @throws RejectedRequest 422 with what is wrong in which field */
    public void check(JsonNode event) {
        if (!event.isObject()) {
            throw RejectedRequest.invalidEvent(List.of(new Problem("", "must be a JSON object")));
        }
        if (!event.has("event")) {
            throw RejectedRequest.invalidEvent(List.of(new Problem("event", "is required")));
        }
        List<Problem> problems = schema(event.path("event").asText()).validate(event).stream()
                .limit(MOST_PROBLEMS)
                .map(EventSchemas::problem)
                .toList();
        if (!problems.isEmpty()) {
            throw RejectedRequest.invalidEvent(problems);
        }
    }

    private Schema schema(String event) {
        Schema known = schemas.get(event);
        if (known != null) {
            return known;
        }
        URL file = NAME.matcher(event).matches() ? getClass().getResource("/schemas/" + event + ".json") : null;
        if (file == null) {
            throw RejectedRequest.invalidEvent(List.of(new Problem("event", "is none that this relay knows")));
        }
        return schemas.computeIfAbsent(event, name -> registry.getSchema(read(file), InputFormat.JSON));
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

    private static String read(URL file) {
        try (InputStream content = file.openStream()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }
}

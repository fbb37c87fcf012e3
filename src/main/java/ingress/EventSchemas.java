package ingress;

import com.fasterxml.jackson.databind.JsonNode;
import ingress.RejectedRequest.Problem;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import text.JsonSchema;

/** The JSON Schemas of the events, one file each: {@code schemas/<event>.json}. */
public final class EventSchemas {
    /** A name of the sender's, which becomes a part of a path. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)+");

    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();

    /** @throws RejectedRequest 422 with what is wrong in which field */
    public void check(JsonNode event) {
        if (event.isObject() && !event.has("event")) {
            throw RejectedRequest.invalidEvent(List.of(new Problem("event", "is required")));
        }
        check(event, event.path("event").asText());
    }

    /** As {@link #check(JsonNode)}, of an event that does not say its own name. */
    public void check(JsonNode event, String name) {
        if (!event.isObject()) {
            throw RejectedRequest.invalidEvent(List.of(new Problem("", "must be a JSON object")));
        }
        List<Problem> problems = schema(name).violations(event).stream()
                .map(violation -> new Problem(violation.field(), violation.problem()))
                .toList();
        if (!problems.isEmpty()) {
            throw RejectedRequest.invalidEvent(problems);
        }
    }

    /** As {@link JsonSchema#personal}, of an event's schema; empty for an event that has none. */
    public Map<String, Boolean> personal(String event) {
        return find(event).map(JsonSchema::personal).orElse(Map.of());
    }

    /** Whether anybody who comes along may cause such an event: its schema says {@code x-anonymous}. */
    public boolean isAnonymous(String event) {
        return find(event).map(JsonSchema::isAnonymous).orElse(false);
    }

    private JsonSchema schema(String event) {
        return find(event)
                .orElseThrow(() ->
                        RejectedRequest.invalidEvent(List.of(new Problem("event", "is none that this relay knows"))));
    }

    private Optional<JsonSchema> find(String event) {
        JsonSchema known = schemas.get(event);
        if (known != null) {
            return Optional.of(known);
        }
        URL file = NAME.matcher(event).matches() ? getClass().getResource("/schemas/" + event + ".json") : null;
        return Optional.ofNullable(file).map(found -> schemas.computeIfAbsent(event, name -> JsonSchema.read(found)));
    }
}

package ingress;

import automations.AutomationsDirectory;
import automations.LastGood;
import automations.Source;
import com.fasterxml.jackson.databind.JsonNode;
import events.HeldBack;
import ingress.RejectedRequest.Problem;
import java.io.IOException;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import text.JsonSchema;

/**
 * The JSON Schemas of the events, one file each: {@code schemas/<event>.json} in {@code RELAY_AUTOMATIONS_DIR}, or else
 * on the class path.
 */
public final class EventSchemas {
    /** A name of the sender's, which becomes a part of a path. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z0-9_]+)+");

    private static final String ENDING = ".json";

    private final Map<String, JsonSchema> schemas = new ConcurrentHashMap<>();
    private final LastGood<Source, JsonSchema> own = new LastGood<>(
            name -> AutomationsDirectory.SCHEMAS + name + ENDING,
            "its events are answered 503 until it is mended or taken away",
            EventSchemas::read);

    /**
     * Takes those of {@code RELAY_AUTOMATIONS_DIR}.
     *
     * @param files by their names, such as {@code schemas/order.paid.json}
     * @param isStart whether the relay starts with them
     */
    public void replaceOwn(Map<String, Source> files, boolean isStart) {
        Map<String, Source> byEvent = new TreeMap<>();
        files.forEach((file, source) -> byEvent.put(
                file.substring(AutomationsDirectory.SCHEMAS.length(), file.length() - ENDING.length()), source));
        own.replace(byEvent, isStart);
    }

    private static JsonSchema read(String event, Source source) throws IOException {
        if (!NAME.matcher(event).matches()) {
            throw new IOException(
                    "'" + event + "' is no name of an event: lower-case letters, digits, _ and at least one dot,"
                            + " such as order.paid");
        }
        if (source.problem() != null) {
            throw new IOException(source.problem());
        }
        JsonSchema schema = JsonSchema.of(source.text());
        JsonNode named = schema.definition().at("/properties/event/const");
        if (!named.isMissingNode() && !named.asText().equals(event)) {
            throw new IOException(
                    "it is of the event '" + named.asText() + "', and its name should be " + named.asText() + ENDING);
        }
        return schema;
    }

    /** The schemas of {@code RELAY_AUTOMATIONS_DIR}, by event. */
    public Map<String, JsonNode> own() {
        Map<String, JsonNode> definitions = new TreeMap<>();
        own.names().forEach(event -> own.find(event).ifPresent(schema -> definitions.put(event, schema.definition())));
        return definitions;
    }

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
        return findForWork(event).map(JsonSchema::personal).orElse(Map.of());
    }

    /** Whether anybody who comes along may cause such an event: its schema says {@code x-anonymous}. */
    public boolean isAnonymous(String event) {
        return findForWork(event).map(JsonSchema::isAnonymous).orElse(false);
    }

    /** @throws HeldBack when its file cannot be used: an event that was taken before waits until it is mended */
    private Optional<JsonSchema> findForWork(String event) {
        own.check(event);
        return find(event);
    }

    private JsonSchema schema(String event) {
        return find(event)
                .orElseThrow(() ->
                        RejectedRequest.invalidEvent(List.of(new Problem("event", "is none that this relay knows"))));
    }

    private Optional<JsonSchema> find(String event) {
        Optional<JsonSchema> ours = own.find(event);
        if (ours.isPresent()) {
            return ours;
        }
        Optional<String> problem = own.problem(event);
        if (problem.isPresent()) {
            // The sender keeps the event and comes again, where a 422 would be the last word.
            throw new IllegalStateException(problem.get());
        }
        JsonSchema known = schemas.get(event);
        if (known != null) {
            return Optional.of(known);
        }
        URL file = NAME.matcher(event).matches() ? getClass().getResource("/schemas/" + event + ".json") : null;
        return Optional.ofNullable(file).map(found -> schemas.computeIfAbsent(event, name -> JsonSchema.read(found)));
    }
}

package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Header;
import text.PlainText;

/**
 * Nothing a provider says goes anywhere before it passed here: only the fields of the task's schema, plain text without
 * markup or anything invisible, no longer than allowed, and valid.
 */
public class AnswerValidator {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    // Markup may hide in markup ("&amp;lt;b&amp;gt;"); whoever nests it deeper than this means no good.
    private static final int MOST_LAYERS = 4;

    private final TaskCatalog tasks;

    public AnswerValidator(TaskCatalog tasks) {
        this.tasks = tasks;
    }

    /**
     * Cleans and checks an answer.
     *
     * @param task the name of the task
     * @param answer the provider's answer: a Map, or JSON text
     * @return the fields of the schema, cleaned
     * @throws UnusableAnswer when it is no JSON object or breaks the schema
     */
    public Map<String, Object> validate(@Header("RelayAiTask") String task, @Body Object answer) {
        TaskFiles files = tasks.of(task);
        JsonNode cleaned = clean(object(answer), files.definition());
        String problems = files.schema().validate(cleaned).stream()
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .collect(Collectors.joining("; "));
        if (!problems.isEmpty()) {
            throw new UnusableAnswer("The answer does not fit schemas/ai/" + task + ".json: " + problems);
        }
        return JSON.convertValue(cleaned, FIELDS);
    }

    private static JsonNode object(Object answer) {
        JsonNode node = answer instanceof Map ? JSON.valueToTree(answer) : parse(String.valueOf(answer));
        if (!node.isObject()) {
            throw new UnusableAnswer("The answer is no JSON object");
        }
        return node;
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UnusableAnswer("The answer is not JSON");
        }
    }

    private static JsonNode clean(JsonNode value, JsonNode schema) {
        if (value.isObject()) {
            return fields(value, schema.path("properties"));
        }
        if (value.isArray()) {
            return items(value, schema);
        }
        return value.isTextual() ? JsonNodeFactory.instance.textNode(text(value.textValue(), schema)) : value;
    }

    /** Fields that nobody asked for are left out: servers without strict schemas like to add some. */
    private static JsonNode fields(JsonNode value, JsonNode properties) {
        ObjectNode fields = JSON.createObjectNode();
        properties.fieldNames().forEachRemaining(name -> {
            if (value.has(name)) {
                fields.set(name, clean(value.get(name), properties.get(name)));
            }
        });
        return fields;
    }

    private static JsonNode items(JsonNode value, JsonNode schema) {
        ArrayNode items = JSON.createArrayNode();
        for (JsonNode item : value) {
            JsonNode cleaned = clean(item, schema.path("items"));
            boolean blank = cleaned.isTextual() && cleaned.textValue().isEmpty();
            if (!blank && items.size() < schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
                items.add(cleaned);
            }
        }
        return items;
    }

    private static String text(String value, JsonNode schema) {
        String text = PlainText.line(value);
        for (int layer = 1; !PlainText.line(text).equals(text); layer++) {
            if (layer == MOST_LAYERS) {
                throw new UnusableAnswer("The answer hides markup in markup");
            }
            text = PlainText.line(text);
        }
        text = PlainText.withoutTagStarts(text);
        // A word of a list or of a pattern is right or wrong; cutting it would make another word of it.
        boolean free = !schema.has("enum") && !schema.has("pattern") && schema.has("maxLength");
        return free ? Sentences.shorten(text, schema.get("maxLength").intValue()) : text;
    }
}

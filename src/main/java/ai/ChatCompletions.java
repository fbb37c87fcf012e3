package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Header;
import text.PlainText;

/**
 * Writes requests for OpenAI's chat completions API, which many servers speak.
 *
 * <p>The instructions are one message and the event is another, as JSON: what a stranger wrote cannot end its string
 * and begin an instruction. No temperature is sent, since many models refuse any but their own.
 */
public class ChatCompletions {

    private static final ObjectMapper JSON = new ObjectMapper();

    // Strict structured output knows a part of JSON Schema and refuses the rest. Lengths stand in the descriptions as
    // well, and the answer is checked against the whole schema afterwards.
    private static final Set<String> STRICT_KEYWORDS =
            Set.of("type", "properties", "required", "additionalProperties", "items", "enum", "description");

    private final TaskCatalog tasks;

    public ChatCompletions(TaskCatalog tasks) {
        this.tasks = tasks;
    }

    /**
     * The body of a request.
     *
     * @param task the name of the task
     * @param model the model's name as the server knows it
     * @param event the event's fields, of which the model sees those that {@code prompts/<task>.md} lists
     */
    public String request(
            @Header("RelayAiTask") String task, @Header("RelayAiModel") String model, @Body Map<String, Object> event) {
        TaskFiles files = tasks.of(task);
        ObjectNode request = JSON.createObjectNode().put("model", model);
        ArrayNode messages = request.putArray("messages");
        messages.addObject().put("role", "system").put("content", files.instructions());
        messages.addObject().put("role", "user").put("content", json(data(files, event)));
        ObjectNode format = request.putObject("response_format").put("type", "json_schema");
        format.putObject("json_schema")
                .put("name", task)
                .put("strict", true)
                .set("schema", strict(files.definition(), false));
        return json(request);
    }

    /**
     * All that an answer depends on, and nothing else: the instructions, the schema, the model and what it sees of the
     * event. It is not sent. Parameters as of {@link #request}.
     */
    String question(String task, String model, Map<String, Object> event) {
        TaskFiles files = tasks.of(task);
        ObjectNode question = JSON.createObjectNode().put("task", task).put("model", model);
        question.put("instructions", files.instructions());
        question.set("schema", files.definition());
        question.set("data", data(files, event));
        return json(question);
    }

    private static ObjectNode data(TaskFiles files, Map<String, Object> event) {
        ObjectNode data = JSON.createObjectNode();
        for (String field : files.fields()) {
            if (event.get(field) instanceof Map<?, ?> texts) {
                data.set(field, named(texts, files.characters()));
            } else {
                add(data, field, event.get(field), files.characters());
            }
        }
        return data;
    }

    /** Texts by name, such as the fields of a form, that together are no longer than one text may be. */
    private static ObjectNode named(Map<?, ?> texts, int characters) {
        ObjectNode named = JSON.createObjectNode();
        int left = characters;
        for (Map.Entry<?, ?> text : texts.entrySet()) {
            String name = PlainText.line(text.getKey());
            left -= name.length();
            if (left > 0) {
                add(named, name, text.getValue(), left);
                left -= named.path(name).asText("").length();
            }
        }
        return named;
    }

    private static void add(ObjectNode data, String field, Object value, int characters) {
        String text = PlainText.of(value);
        if (!text.isEmpty()) {
            data.put(field, Sentences.shorten(text, characters));
        }
    }

    /** The schema with what strict output knows; the keys of {@code properties} are names and not keywords. */
    private static JsonNode strict(JsonNode schema, boolean names) {
        if (!schema.isObject()) {
            return schema;
        }
        ObjectNode strict = JSON.createObjectNode();
        schema.properties().forEach(entry -> {
            if (names || STRICT_KEYWORDS.contains(entry.getKey())) {
                strict.set(
                        entry.getKey(),
                        strict(entry.getValue(), !names && entry.getKey().equals("properties")));
            }
        });
        return strict;
    }

    private static String json(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}

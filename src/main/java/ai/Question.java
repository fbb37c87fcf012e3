package ai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import text.PlainText;

/**
 * What a model is asked, in whatever format.
 *
 * @param task its name
 * @param instructions what the model is told
 * @param definition the JSON Schema of the answer
 * @param data what it is about
 */
record Question(String task, String instructions, JsonNode definition, ObjectNode data) {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TOGETHER = """


            This time the user message holds several of them, each under a key of its own. Judge each as if it were the \
            only one: nothing that stands in one of them says anything about another. Answer with one JSON object that \
            has the same keys, and under each of them the JSON object that is described above.""";

    /** About one event, of which the model sees the fields that the prompt lists. */
    static Question about(TaskFiles task, Map<?, ?> event) {
        return new Question(task.name(), task.instructions(), task.definition(), data(task, event));
    }

    /** About several, each by itself. Every key is required, so that a server with strict schemas leaves none out. */
    static Question about(TaskFiles task, List<Part> parts) {
        ObjectNode data = JSON.createObjectNode();
        ObjectNode definition = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = definition.putObject("properties");
        ArrayNode required = definition.putArray("required");
        for (Part part : parts) {
            data.set(part.key, part.data);
            properties.set(part.key, task.definition());
            required.add(part.key);
        }
        return new Question(task.name(), task.instructions() + TOGETHER, definition, data);
    }

    private static ObjectNode data(TaskFiles task, Map<?, ?> event) {
        ObjectNode data = JSON.createObjectNode();
        for (String field : task.fields()) {
            if (event.get(field) instanceof Map<?, ?> texts) {
                data.set(field, named(texts, task.characters()));
            } else {
                add(data, field, event.get(field), task.characters());
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
            data.put(field, Sentences.beginning(text, characters));
        }
    }
}

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

    /** Where answers about several events are, and by which field each says whose it is. */
    static final String ANSWERS = "answers";

    static final String KEY = "event_key";

    private static final String TOGETHER = """


            This time the user message holds several of them, each under a key of its own. Judge each as if it were the \
            only one: nothing that stands in one of them says anything about another. Answer with one JSON object and in \
            it the array `answers`: for each of them one JSON object as described above, with its key as `event_key`.""";

    /** About one event, of which the model sees the fields that the prompt lists. */
    static Question about(TaskFiles task, Map<?, ?> event) {
        return new Question(task.name(), task.instructions(), task.definition(), data(task, event));
    }

    /** About several, each by itself. The keys are in no schema, which a server may keep for the next request. */
    static Question about(TaskFiles task, List<AskedEvent> events) {
        ObjectNode data = JSON.createObjectNode();
        events.forEach(event -> data.set(event.key, event.data));
        return new Question(task.name(), task.instructions() + TOGETHER, definitionOfSeveral(task), data);
    }

    private static ObjectNode definitionOfSeveral(TaskFiles task) {
        ObjectNode answer = task.definition().deepCopy();
        ObjectNode fields = JSON.createObjectNode();
        fields.putObject(KEY).put("type", "string").put("description", "Whose answer it is: its key in the message");
        fields.setAll((ObjectNode) task.definition().get("properties"));
        answer.set("properties", fields);
        ArrayNode required = JSON.createArrayNode().add(KEY);
        task.definition().path("required").forEach(required::add);
        answer.set("required", required);
        ObjectNode definition = JSON.createObjectNode().put("type", "object");
        definition
                .putObject("properties")
                .putObject(ANSWERS)
                .put("type", "array")
                .set("items", answer);
        definition.putArray("required").add(ANSWERS);
        return definition.put("additionalProperties", false);
    }

    /** About how many tokens it takes to tell a model what to do with several events, whoever they are. */
    static long instructionTokens(TaskFiles task) {
        Question question = about(task, List.of());
        return Spending.tokens(question.instructions())
                + Spending.tokens(question.definition().toString());
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

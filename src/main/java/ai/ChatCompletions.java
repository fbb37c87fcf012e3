package ai;

import static ai.ChatFormats.Format.JSON_OBJECT;
import static ai.ChatFormats.Format.JSON_SCHEMA;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import events.PermanentFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Writes requests for OpenAI's chat completions API, which many servers speak.
 *
 * <p>The instructions are one message and the event is another, as JSON: what a stranger wrote cannot end its string
 * and begin an instruction. No temperature is sent, since many models refuse any but their own.
 */
public class ChatCompletions {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The exchange property with what the model is shown: the fields of an event, or {@link AskedEvent}s. */
    static final String SHOWN = "RelayAiShown";

    /** The exchange property with what is to be mended. */
    private static final String WRONG = "RelayWrongAnswer";

    private static final String AGAIN =
            " Answer once more: one JSON object and nothing else, as you were told, which fits this JSON Schema: ";

    // Strict structured output knows a part of JSON Schema and refuses the rest. Lengths stand in the descriptions as
    // well, and the answer is checked against the whole schema afterwards.
    private static final Set<String> STRICT_KEYWORDS =
            Set.of("type", "properties", "required", "additionalProperties", "items", "enum", "description");

    private final TaskCatalog tasks;
    private final ChatFormats formats;

    public ChatCompletions(TaskCatalog tasks, ChatFormats formats) {
        this.tasks = tasks;
        this.formats = formats;
    }

    /**
     * In: the event's fields as a Map, of which the model sees those that {@code prompts/<task>.md} lists, or a List of
     * {@link AskedEvent}s; the headers {@code RelayAiTask} and {@code RelayAiModel}, the model's name as the server knows it;
     * and, when the model is to mend its answer, the {@link WrongAnswer} as the exchange property {@code
     * RelayWrongAnswer}. Out: the body of a request.
     */
    public void request(Exchange exchange) {
        KeptHeaders.keep(exchange);
        Message message = exchange.getMessage();
        TaskFiles task = tasks.of(message.getHeader("RelayAiTask", String.class));
        Question question = question(task, message.getBody());
        ChatFormats.Format format = formats.use(exchange);
        ObjectNode request = JSON.createObjectNode().put("model", message.getHeader("RelayAiModel", String.class));
        ArrayNode messages = request.putArray("messages");
        add(messages, "system", format == JSON_SCHEMA ? question.instructions() : withSchema(question));
        add(messages, "user", json(question.data()));
        WrongAnswer wrong = exchange.getProperty(WRONG, WrongAnswer.class);
        if (wrong != null) {
            add(messages, "assistant", wrong.answer());
            add(messages, "user", wrong.remedy() + AGAIN + question.definition());
        }
        format(request, format, question);
        message.setBody(json(request));
    }

    private static Question question(TaskFiles task, Object body) {
        if (body instanceof Map<?, ?> event) {
            return Question.about(task, event);
        }
        if (body instanceof List<?> events) {
            return Question.about(task, SharedRequest.events(events));
        }
        throw new PermanentFailure("an AI is asked about the fields of an event, a Map in the body, and this is "
                + (body == null ? "nothing" : body.getClass().getSimpleName()));
    }

    /**
     * All that an answer should depend on, and nothing else: the instructions, the schema, the model and what it sees of the
     * event, whatever else a {@link SharedRequest} is about. It is not sent.
     *
     * @param model the model's name as the server knows it
     */
    String question(String task, String model, Map<String, Object> event) {
        Question asked = Question.about(tasks.of(task), event);
        ObjectNode question = JSON.createObjectNode().put("task", task).put("model", model);
        question.put("instructions", asked.instructions());
        question.set("schema", asked.definition());
        question.set("data", asked.data());
        return json(question);
    }

    private static void format(ObjectNode request, ChatFormats.Format format, Question question) {
        if (format == JSON_OBJECT) {
            request.putObject("response_format").put("type", "json_object");
        } else if (format == JSON_SCHEMA) {
            ObjectNode asked = request.putObject("response_format").put("type", "json_schema");
            asked.putObject("json_schema")
                    .put("name", question.task())
                    .put("strict", true)
                    .set("schema", strict(question.definition(), false));
        }
    }

    private static String withSchema(Question question) {
        return question.instructions() + "\n\nThe JSON object has to fit this JSON Schema:\n\n" + question.definition();
    }

    private static void add(ArrayNode messages, String role, String content) {
        messages.addObject().put("role", role).put("content", content);
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

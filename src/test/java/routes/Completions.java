package routes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Answers of a server with OpenAI's chat completions (API reference, "The chat completion object"). */
public final class Completions {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** In the instructions of such a request. */
    private static final String SEVERAL = "holds several of them, each under a key of its own";

    private Completions() {}

    /** @param content what the model says */
    public static String of(String content) {
        return completion(content).toString();
    }

    /** With what it cost, in tokens. */
    public static String of(String content, int tokensIn, int tokensOut) {
        ObjectNode completion = completion(content);
        completion.putObject("usage").put("prompt_tokens", tokensIn).put("completion_tokens", tokensOut);
        return completion.toString();
    }

    /**
     * What a model says that answers for each of the events in a request.
     *
     * @param request the whole of it
     * @param model is given what it sees of an event; null leaves the event out
     */
    public static String toEach(String request, Function<JsonNode, JsonNode> model) {
        JsonNode messages = json(request).get("messages");
        JsonNode data = json(messages.at("/1/content").textValue());
        if (!isAboutSeveral(request)) {
            return String.valueOf(model.apply(data));
        }
        ObjectNode said = JSON.createObjectNode();
        ArrayNode answers = said.putArray("answers");
        data.properties().forEach(event -> {
            JsonNode answer = model.apply(event.getValue());
            if (answer != null) {
                ObjectNode its = answer.deepCopy();
                answers.add(its.put("event_key", event.getKey()));
            }
        });
        return said.toString();
    }

    /** The keys of the events that a request is about, where it is about several. */
    public static List<String> keys(String request) {
        List<String> keys = new ArrayList<>();
        json(json(request).at("/messages/1/content").textValue()).fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** Whether a request is about several events. */
    public static boolean isAboutSeveral(String request) {
        return json(request).at("/messages/0/content").textValue().contains(SEVERAL);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ObjectNode completion(String content) {
        ObjectNode completion = JSON.createObjectNode();
        completion.put("id", "chatcmpl-1").put("object", "chat.completion").put("model", "a-model-2026");
        ObjectNode choice = completion.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", content);
        return completion;
    }
}

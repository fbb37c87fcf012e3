package routes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Answers of a server with OpenAI's chat completions (API reference, "The chat completion object"). */
public final class Completions {
    private static final ObjectMapper JSON = new ObjectMapper();

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

    private static ObjectNode completion(String content) {
        ObjectNode completion = JSON.createObjectNode();
        completion.put("id", "chatcmpl-1").put("object", "chat.completion").put("model", "a-model-2026");
        ObjectNode choice = completion.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", content);
        return completion;
    }
}

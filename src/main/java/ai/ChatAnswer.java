package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Message;
import text.PlainText;

/** Reads the answers of OpenAI's chat completions API and tells what is wrong with those that hold no JSON. */
public class ChatAnswer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int QUOTED = 160;
    private static final Pattern FENCED = Pattern.compile("```\\w*\\s*(.*?)\\s*```", Pattern.DOTALL);

    /**
     * The model's own words, which should be JSON; the headers {@code RelayAiTokensIn}, {@code RelayAiTokensOut} and
     * {@code RelayAiModel} are set where the server says so, also when the answer is of no use: it was paid for.
     *
     * @param message the server's answer
     * @throws UnusableAnswer saying whether it is no chat completion, an error, refused, cut off, filtered, empty or prose
     */
    public String read(Message message) {
        JsonNode answer = parse(message.getBody(String.class));
        if (answer == null || !answer.isObject()) {
            throw new UnusableAnswer("The server's answer is not JSON");
        }
        if (answer.hasNonNull("error")) {
            // The error's message may repeat a part of the key.
            String code =
                    answer.at("/error/code").asText(answer.at("/error/type").asText("no code"));
            throw new UnusableAnswer("The server answered 200 with an error: " + quote(code));
        }
        keepUsage(message, answer);
        return content(answer.at("/choices/0"));
    }

    private static void keepUsage(Message message, JsonNode answer) {
        JsonNode in = answer.at("/usage/prompt_tokens");
        JsonNode out = answer.at("/usage/completion_tokens");
        if (in.isInt() && out.isInt()) {
            Spent.count(message.getExchange(), in.intValue(), out.intValue());
            message.setHeader("RelayAiTokensIn", in.intValue());
            message.setHeader("RelayAiTokensOut", out.intValue());
        }
        if (answer.path("model").isTextual()) {
            message.setHeader("RelayAiModel", quote(answer.get("model").textValue()));
        }
    }

    private static String content(JsonNode choice) {
        if (choice.isMissingNode()) {
            throw new UnusableAnswer("The server's answer is no chat completion: it has no choices");
        }
        String refusal = choice.at("/message/refusal").asText("");
        if (!refusal.isBlank() && !choice.at("/message/refusal").isNull()) {
            throw new UnusableAnswer("The model refused: " + quote(refusal));
        }
        switch (choice.path("finish_reason").asText()) {
            case "length" -> throw new UnusableAnswer("The answer was cut off at the model's token limit");
            case "content_filter" -> throw new UnusableAnswer("The answer was withheld by the server's content filter");
            default -> {
                return json(choice.at("/message/content"));
            }
        }
    }

    /** A fenced block is unwrapped when it is all there is; words around it are not an answer. */
    private static String json(JsonNode content) {
        String text = content.isTextual() ? content.textValue().strip() : "";
        if (text.isEmpty()) {
            throw new UnusableAnswer("The model answered nothing");
        }
        Matcher fenced = FENCED.matcher(text);
        String inner = fenced.matches() ? fenced.group(1) : text;
        if (parse(inner) != null) {
            return inner;
        }
        if (text.startsWith("{") || fenced.matches()) {
            throw new UnusableAnswer("The model answered broken JSON");
        }
        throw new UnusableAnswer(
                text.contains("{")
                        ? "The model wrapped its JSON in prose"
                        : "The model answered in prose: " + quote(text));
    }

    private static JsonNode parse(String text) {
        try {
            return text == null ? null : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String quote(String text) {
        return Sentences.shorten(PlainText.line(text), QUOTED);
    }
}

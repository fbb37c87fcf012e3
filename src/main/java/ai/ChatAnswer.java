package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.regex.Pattern;
import org.apache.camel.Message;
import text.PlainText;

/** Reads the answers of OpenAI's chat completions API and tells what is wrong with those that hold no JSON. */
public class ChatAnswer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int QUOTED = 160;
    /** The first byte of it (RFC 1952, 2.3.1), which no JSON begins with. */
    private static final String GZIP = "\u001f";

    private static final String FENCE = "```";
    private static final Pattern LANGUAGE = Pattern.compile("^\\w*");

    /** Some models think aloud, and some servers pass it on (DeepSeek-R1 and kin, on Ollama). */
    private static final Pattern THOUGHTS = Pattern.compile("^<think>.*?</think>\\s*", Pattern.DOTALL);

    /**
     * The model's own words, which should be JSON. Where the server says so, its tokens are added to those in the headers
     * {@code RelayAiTokensIn} and {@code RelayAiTokensOut}, and {@code RelayAiModel} is set, also when the answer is of no
     * use: it was paid for.
     *
     * @param message the server's answer
     * @throws UnusableAnswer when it is no chat completion, an error or empty
     * @throws WrongAnswer when it is refused, cut off, filtered, or prose
     */
    public String read(Message message) {
        JsonNode answer = parse(message.getBody(String.class));
        if (answer == null || !answer.isObject()) {
            String body = message.getBody(String.class);
            if (body != null && body.startsWith(GZIP)) {
                throw new UnusableAnswer("The server's answer is compressed, though nobody asked for that");
            }
            throw new UnusableAnswer("The server's answer is not JSON, or only a part of it");
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
        }
        add(message, "RelayAiTokensIn", in);
        add(message, "RelayAiTokensOut", out);
        if (answer.path("model").isTextual()) {
            message.setHeader("RelayAiModel", quote(answer.get("model").textValue()));
        }
    }

    private static void add(Message message, String header, JsonNode tokens) {
        if (tokens.isInt()) {
            message.setHeader(header, message.getHeader(header, 0, Integer.class) + Math.max(0, tokens.intValue()));
        }
    }

    private static String content(JsonNode choice) {
        if (choice.isMissingNode()) {
            throw new UnusableAnswer("The server's answer is no chat completion: it has no choices");
        }
        String refusal = choice.at("/message/refusal").asText("");
        if (!refusal.isBlank() && !choice.at("/message/refusal").isNull()) {
            throw WrongAnswer.lasting("The model refused", quote(refusal));
        }
        switch (choice.path("finish_reason").asText()) {
            case "length" ->
                throw WrongAnswer.lasting(
                        "The answer was cut off at the model's token limit: it needs a model with room for a longer one, or a"
                                + " prompt that shows it less (characters: in prompts/)",
                        null);
            case "content_filter" ->
                throw WrongAnswer.lasting("The answer was withheld by the server's content filter", null);
            default -> {
                return json(choice.at("/message/content"));
            }
        }
    }

    /** A fenced block is unwrapped when it is all there is; words around it are not an answer. */
    private static String json(JsonNode content) {
        String said = content.isTextual() ? content.textValue().strip() : "";
        String text = THOUGHTS.matcher(said).replaceFirst("");
        if (text.isEmpty()) {
            throw new UnusableAnswer("The model answered nothing");
        }
        boolean isFenced = text.length() >= 2 * FENCE.length() && text.startsWith(FENCE) && text.endsWith(FENCE);
        String inner = isFenced ? withoutFence(text) : text;
        if (parse(inner) != null) {
            return inner;
        }
        throw text.startsWith("{") || isFenced
                ? WrongAnswer.inWrongForm("The model answered broken JSON", null, text, "That is broken JSON.")
                : WrongAnswer.inWrongForm(
                        text.contains("{") ? "The model wrapped its JSON in prose" : "The model answered in prose",
                        text.contains("{") ? null : quote(text),
                        text,
                        "There are words around the JSON, or no JSON at all.");
    }

    private static String withoutFence(String text) {
        String inner = text.substring(FENCE.length(), text.length() - FENCE.length());
        return LANGUAGE.matcher(inner).replaceFirst("").strip();
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

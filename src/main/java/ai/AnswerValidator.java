package ai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import text.PlainText;

/**
 * Nothing a provider says goes anywhere before it passed here: only the fields of the task's schema, plain text without
 * markup or anything invisible, no longer than allowed, without an address that the event has not, and valid.
 */
public class AnswerValidator {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    // Markup may hide in markup ("&amp;lt;b&amp;gt;"); whoever nests it deeper than this means no good.
    private static final int MOST_LAYERS = 4;

    private static final int LONGEST_SHOWN = 100;

    /** A link or an image of Markdown, of which the words are kept. */
    private static final Pattern MARKDOWN_LINK =
            Pattern.compile("!?\\[([^\\[\\]]{0,500})]\\([^()\\s]{0,2048}(?: [^()]{0,200})?\\)");

    private final TaskCatalog tasks;

    public AnswerValidator(TaskCatalog tasks) {
        this.tasks = tasks;
    }

    /**
     * Cleans and checks an answer.
     *
     * @param task the name of the task
     * @param source what was asked about: an address may come from there, and from nowhere else
     * @param answer the provider's answer: a Map, or JSON text
     * @return the fields of the schema, cleaned
     * @throws WrongAnswer when it is no JSON object, breaks the schema or holds a strange address
     */
    public Map<String, Object> validate(
            @Header("RelayAiTask") String task,
            @ExchangeProperty(ProviderChain.SOURCE) Object source,
            @Body Object answer) {
        TaskFiles files = tasks.of(task);
        try {
            return checked(files, source, object(answer));
        } catch (Problem problem) {
            throw WrongAnswer.inWrongForm(problem.getMessage(), problem.quoted, String.valueOf(answer), problem.remedy);
        }
    }

    private static Map<String, Object> checked(TaskFiles files, Object source, JsonNode answer) {
        JsonNode cleaned = clean(answer, files.definition(), source);
        List<Error> errors = files.schema().validate(cleaned);
        if (!errors.isEmpty()) {
            String problems = errors.stream()
                    .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                    .collect(Collectors.joining("; "));
            String fields = errors.stream()
                    .map(error -> error.getInstanceLocation() + " breaks its " + error.getKeyword())
                    .collect(Collectors.joining("; "));
            throw new Problem(
                    "The answer does not fit schemas/ai/" + files.name() + ".json: " + problems,
                    "That does not fit the schema: " + fields + ".");
        }
        return JSON.convertValue(cleaned, FIELDS);
    }

    /** What is wrong, for the operator; and what to tell the model of it, in words that are none of its own. */
    private static final class Problem extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final String quoted;
        final String remedy;

        Problem(String message, String remedy) {
            this(message, null, remedy);
        }

        Problem(String message, String quoted, String remedy) {
            super(message);
            this.quoted = quoted;
            this.remedy = remedy;
        }
    }

    private static JsonNode object(Object answer) {
        JsonNode node = answer instanceof Map ? JSON.valueToTree(answer) : parse(String.valueOf(answer));
        if (!node.isObject()) {
            throw new Problem("The answer is no JSON object", "That is no JSON object.");
        }
        return node;
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new Problem("The answer is not JSON", "That is not JSON.");
        }
    }

    private static JsonNode clean(JsonNode value, JsonNode schema, Object source) {
        if (value.isObject()) {
            return fields(value, schema.path("properties"), source);
        }
        if (value.isArray()) {
            return items(value, schema, source);
        }
        return value.isTextual() ? JsonNodeFactory.instance.textNode(text(value.textValue(), schema, source)) : value;
    }

    /** Fields that nobody asked for are left out: servers without strict schemas like to add some. */
    private static JsonNode fields(JsonNode value, JsonNode properties, Object source) {
        ObjectNode fields = JSON.createObjectNode();
        properties.fieldNames().forEachRemaining(name -> {
            if (value.has(name)) {
                fields.set(name, clean(value.get(name), properties.get(name), source));
            }
        });
        return fields;
    }

    private static JsonNode items(JsonNode value, JsonNode schema, Object source) {
        ArrayNode items = JSON.createArrayNode();
        for (JsonNode item : value) {
            JsonNode cleaned = clean(item, schema.path("items"), source);
            boolean blank = cleaned.isTextual() && cleaned.textValue().isEmpty();
            if (!blank && items.size() < schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
                items.add(cleaned);
            }
        }
        return items;
    }

    private static String text(String value, JsonNode schema, Object source) {
        String text = MARKDOWN_LINK.matcher(plain(value)).replaceAll("$1");
        WebAddresses.strange(text, source).ifPresent(address -> {
            throw new Problem(
                    "The answer holds an address that is not in the event",
                    Sentences.shorten(address, LONGEST_SHOWN),
                    "That holds an address of a page or a mailbox that is not in what you were given.");
        });
        // A word of a list or of a pattern is right or wrong; cutting it would make another word of it.
        boolean free = !schema.has("enum") && !schema.has("pattern") && schema.has("maxLength");
        return free ? Sentences.shorten(text, schema.get("maxLength").intValue()) : text;
    }

    private static String plain(String value) {
        String text = PlainText.line(value);
        for (int layer = 1; !PlainText.line(text).equals(text); layer++) {
            if (layer == MOST_LAYERS) {
                throw new Problem("The answer hides markup in markup", "That is not plain text.");
            }
            text = PlainText.line(text);
        }
        return PlainText.withoutTagStarts(text);
    }
}

package events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;

/**
 * What came encrypted with an event. It is known in clear only while the event is worked on, and kept out of all that
 * is written then: results, errors, the log, messages.
 */
public final class PersonalFields {
    /** The exchange property with those of the event that is worked on. */
    public static final String PROPERTY = "RelayPersonal";

    /** What stands in the place of something personal. */
    public static final String WITHHELD = "[withheld]";

    public static final PersonalFields NONE = new PersonalFields(Map.of());

    /** Whoever shares so many characters in a row with a text has them from there; looked for at every so many. */
    private static final int QUOTE = 24;

    private static final int QUOTE_STEP = 8;

    /** What is shorter would take words out of every text. */
    private static final int SHORTEST = 4;

    /** A text that is nothing but a word of a list, such as a category, says it of itself and not of a person. */
    private static final Pattern LISTED_WORD = Pattern.compile("[a-z_]+");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> values;
    /** Null when there is nothing to look for. */
    private final Pattern pattern;

    /** @param values in clear, by the name of the field */
    public PersonalFields(Map<String, String> values) {
        this.values = Map.copyOf(values);
        this.pattern = pattern(values);
    }

    /** Those of the event that the exchange works on. */
    public static PersonalFields of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, NONE, PersonalFields.class);
    }

    private static Pattern pattern(Map<String, String> values) {
        String any = values.values().stream()
                .map(String::strip)
                .filter(value -> value.length() >= SHORTEST)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return any.isEmpty()
                ? null
                : Pattern.compile(
                        "(?<![\\p{L}\\p{N}])(?:" + any + ")(?![\\p{L}\\p{N}])",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** Whether a field of this name is one of them. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * The text with {@link #WITHHELD} where one of them, of four characters or more, stands in it as a word; and nothing
     * else of a text that quotes a part of one.
     */
    public String mask(String text) {
        if (pattern == null || text == null || LISTED_WORD.matcher(text).matches()) {
            return text;
        }
        return isQuote(text) ? WITHHELD : pattern.matcher(text).replaceAll(WITHHELD);
    }

    /** Whether a piece of one of them stands in the text, such as a sentence of a longer message. */
    private boolean isQuote(String text) {
        for (int at = 0; at + QUOTE <= text.length(); at += QUOTE_STEP) {
            String piece = text.substring(at, at + QUOTE);
            if (values.values().stream().anyMatch(value -> value.length() > QUOTE && value.contains(piece))) {
                return true;
            }
        }
        return false;
    }

    /**
     * What an automation left, as it may be recorded: they are taken out of {@code fields}, and each text is masked. Bytes
     * are not looked through, and therefore not kept.
     *
     * @return the same object when there is nothing that could be in it
     */
    public Object maskResult(Object result) {
        return values.isEmpty() ? result : masked(JSON.valueToTree(result));
    }

    private JsonNode masked(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Optional.of(object.path("fields")).filter(JsonNode::isObject).ifPresent(fields -> ((ObjectNode) fields)
                    .remove(values.keySet()));
            object.properties().forEach(entry -> entry.setValue(masked(entry.getValue())));
            return object;
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, masked(array.get(i)));
            }
            return array;
        }
        if (node.isBinary()) {
            return TextNode.valueOf(WITHHELD);
        }
        return node.isTextual() ? TextNode.valueOf(mask(node.textValue())) : node;
    }
}

package ai;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.BatchItems;
import events.PersonalFields;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Keeps what is personal in an event from a model that is asked over the network. A field in whose schema {@code
 * x-personal} is true is withheld and one where it is false is shown. Of the others those are withheld that came
 * encrypted, that have the name of something personal, or, in a form, that look like an e-mail address or a telephone
 * number. Where the model is shown a withheld field, it sees that there is something, and not what; and what a form
 * withholds is not shown where it stands in another text either.
 */
public final class WithheldFields {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    /** Of a name such as {@code your-email}, {@code firstName} or {@code tel_2}, each part by itself. */
    private static final Set<String> PERSONAL_WORDS = Set.of(
            "email",
            "mail",
            "phone",
            "telephone",
            "tel",
            "mobile",
            "cell",
            "fax",
            "name",
            "firstname",
            "lastname",
            "surname",
            "fullname",
            "nickname",
            "username",
            "author",
            "address",
            "street",
            "zip",
            "postcode",
            "birthday",
            "birthdate",
            "dob",
            "iban",
            "ip");

    private static final Pattern WORD_BOUNDARY = Pattern.compile("[^\\p{L}]+|(?<=\\p{Ll})(?=\\p{Lu})");
    private static final Pattern EMAIL_OR_PHONE =
            Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,255}|\\+?[0-9(][0-9 ()/.-]{5,22}[0-9]");

    /** Where an event has what was filled into a form. */
    private static final String FORM = "fields";

    private final Function<String, Map<String, Boolean>> marks;

    /** @param marks what the schema of an event says by {@code x-personal}, by path such as {@code fields.message} */
    public WithheldFields(Function<String, Map<String, Boolean>> marks) {
        this.marks = marks;
    }

    /** What is known of the event that a model is asked about; {@code masked} is what no text may hold. */
    private record Known(Map<String, Boolean> marks, PersonalFields encrypted, PersonalFields masked) {}

    /**
     * In: the event, or what an automation has made of it, as a Map; the header {@code RelayEvent}; the whole event as the
     * exchange property {@code RelayPayload}. Out: the same Map without what is personal.
     */
    public void withhold(Exchange exchange) {
        // Nothing of an event is left as it is: no question could be made of it.
        shown(exchange).ifPresent(shown -> exchange.getMessage().setBody(shown));
    }

    /** In: as {@link #withhold}, and left as it is. What a model is shown; empty when that is nothing of an event. */
    Optional<Map<String, Object>> shown(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof Map<?, ?> body)) {
            return Optional.empty();
        }
        Message message = exchange.getMessage();
        String event = message.getHeader(BatchItems.STANDS_FOR, message.getHeader("RelayEvent", ""), String.class);
        Known known = new Known(marks.apply(event), PersonalFields.of(exchange), PersonalFields.NONE);
        Map<?, ?> payload = exchange.getProperty("RelayPayload", Map.of(), Map.class);
        Map<String, String> masked = new LinkedHashMap<>();
        collect(known, payload, masked);
        collect(known, body, masked);
        return Optional.of(shown(new Known(known.marks, known.encrypted, new PersonalFields(masked)), body, ""));
    }

    private static void collect(Known known, Map<?, ?> event, Map<String, String> masked) {
        if (event.get(FORM) instanceof Map<?, ?> form) {
            form.forEach((name, value) -> {
                if (value instanceof String text && isWithheld(known, FORM + ".", name.toString(), value)) {
                    masked.put(name.toString(), text);
                }
            });
        }
    }

    private static Map<String, Object> shown(Known known, Map<?, ?> fields, String prefix) {
        Map<String, Object> shown = new LinkedHashMap<>();
        fields.forEach((key, value) -> {
            String name = key.toString();
            boolean isWithheld = isGiven(value) && isWithheld(known, prefix, name, value);
            shown.put(name, isWithheld ? PersonalFields.WITHHELD : shown(known, value, prefix + name + "."));
        });
        return shown;
    }

    private static Object shown(Known known, Object value, String prefix) {
        if (value instanceof Map<?, ?> fields) {
            return shown(known, fields, prefix);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> shown(known, item, prefix)).toList();
        }
        return value instanceof String text ? known.masked.mask(text) : value;
    }

    private static boolean isGiven(Object value) {
        return value != null && !value.toString().isBlank();
    }

    private static boolean isWithheld(Known known, String prefix, String name, Object value) {
        // An automation may have taken a field out of the form.
        Boolean mark = known.marks.getOrDefault(prefix + name, known.marks.get(FORM + "." + name));
        if (mark != null) {
            return mark;
        }
        boolean isInForm = prefix.equals(FORM + ".");
        return known.encrypted.has(name)
                || Arrays.stream(WORD_BOUNDARY.split(name))
                        .anyMatch(word -> PERSONAL_WORDS.contains(word.toLowerCase(Locale.ROOT)))
                || isInForm && EMAIL_OR_PHONE.matcher(value.toString()).matches();
    }

    /**
     * In: the answer of the local AI, which has seen all, as a Map. Out: the same without what came encrypted, since
     * answers are stored.
     */
    public void maskAnswer(Exchange exchange) {
        Object answer = exchange.getMessage().getBody();
        Object masked = PersonalFields.of(exchange).maskResult(answer);
        exchange.getMessage().setBody(masked == answer ? answer : JSON.convertValue(masked, MAP));
    }
}

package pages;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;

/**
 * Something that happened to an event, or is about to, as its page shows it.
 *
 * @param kind the shape that it has
 * @param took how long, in words; empty: it took no time, or is not over
 * @param detail in words, or empty
 * @param error why it failed, or empty
 */
public record Step(String kind, String what, OffsetDateTime at, String took, String detail, String error) {

    /** @param moment one of the {@code timeline} that the API answers */
    static Step of(JsonNode moment) {
        String what = moment.path("what").asText();
        boolean isAttempt = what.equals("attempt");
        String text = moment.path("text").asText("");
        return new Step(
                kind(what, moment.path("outcome").asText("processing")),
                isAttempt ? "Attempt " + moment.path("attempt").asText() + " " + text : title(what),
                OffsetDateTime.parse(moment.path("at").asText()),
                moment.has("milliseconds")
                        ? Times.span(moment.path("milliseconds").asDouble())
                        : "",
                isAttempt || moment.path("text").isNull() ? "" : text,
                moment.path("error").isNull() ? "" : moment.path("error").asText(""));
    }

    private static String kind(String what, String outcome) {
        return switch (what) {
            case "attempt" -> outcome;
            case "dead letter" -> "error";
            case "AI answered" -> "answer";
            case "CRM told", "called back", "queued", "queued again" -> "sent";
            case "replayed" -> "retry";
            case "next try", "put off" -> "queued";
            default -> what;
        };
    }

    private static String title(String what) {
        return switch (what) {
            case "queued" -> "Put into the queue";
            case "queued again" -> "Put into the queue again";
            case "called back" -> "Result brought to WordPress";
            default -> Character.toUpperCase(what.charAt(0)) + what.substring(1);
        };
    }
}

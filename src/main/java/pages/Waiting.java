package pages;

import com.fasterxml.jackson.databind.JsonNode;

/** Says why an event is not done yet. */
final class Waiting {
    private Waiting() {}

    /** @param waits what the API says of it */
    static String sentence(JsonNode waits) {
        String reason = waits.path("reason").asText("");
        return switch (waits.path("in").asText("")) {
            case "outbox" -> "It is recorded and not yet in the queue. That takes long only while the broker is away.";
            case "worker" -> "It is being worked on.";
            case "later" -> "It failed and waits for its next try.";
            default -> reason.startsWith("call-backs") ? "It waits: " + reason + "." : "It waits for its turn.";
        };
    }
}

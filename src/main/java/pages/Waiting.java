package pages;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;

/** Says why an event is not done yet. */
final class Waiting {
    private Waiting() {}

    /** @param waits what the API says of it */
    static String sentence(JsonNode waits) {
        boolean isHeldBack = waits.path("held_back").asBoolean();
        if (isOfPause(waits)) {
            return isHeldBack ? "It is held back, since its site is paused." : "It waits, and its site is paused.";
        }
        return switch (waits.path("in").asText("")) {
            case "outbox" -> "It is recorded and not yet in the queue. That takes long only while the broker is away.";
            case "worker" -> "It is being worked on.";
            case "later" ->
                isHeldBack ? "It goes on later; no try was used up." : "It failed and waits for its next try.";
            default -> "It waits for its turn.";
        };
    }

    /** Whether nothing but the end of a pause lets it go on. */
    static boolean isOfPause(JsonNode waits) {
        boolean isNoRetry = waits.path("in").asText("").equals("queue")
                || waits.path("held_back").asBoolean();
        return waits.path("pause").isObject() && isNoRetry;
    }

    /**
     * Which try is next, or under way, and what comes of the last one; empty when its event has come to its end.
     *
     * @param tries what the API says of it
     */
    static String tries(JsonNode tries, Times times) {
        if (!tries.isObject()) {
            return "";
        }
        int number = tries.path("number").asInt();
        int most = tries.path("most").asInt();
        String which = "Try " + number + " of " + most;
        if (number == most) {
            return which + ", the last: if it fails, the event is a dead letter.";
        }
        OffsetDateTime last = EventView.moment(tries, "last_at");
        return which + "; if the last one" + (last == null ? "" : ", at " + times.exactSecond(last) + " or later,")
                + " fails, the event is a dead letter.";
    }
}

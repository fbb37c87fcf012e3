package ingress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ingress.RejectedRequest.Problem;
import java.util.List;

/** From verified bytes to an event that keeps the contract. */
public final class EventParser {
    private final EventSchemas schemas;

    public EventParser(EventSchemas schemas) {
        this.schemas = schemas;
    }

    /**
     * @param idempotencyKey from the header. Unless it is signed itself, it must equal the signed one in the body:
     *     otherwise a captured request could be played again under a new key.
     * @param isSigned whether the key is: then the body need not have it, though it must not have another
     * @return the event's name, such as {@code post.published}
     * @throws RejectedRequest 400 or 422
     */
    public String parse(byte[] content, String idempotencyKey, boolean isSigned) {
        return read(content, idempotencyKey, isSigned).path("event").textValue();
    }

    /** As {@link #parse(byte[], String, boolean)}. @return the event */
    JsonNode read(byte[] content, String idempotencyKey, boolean isSigned) {
        JsonNode event = StrictJson.parse(content);
        if (isSigned && event instanceof ObjectNode object && !object.has("idempotency_key")) {
            object.put("idempotency_key", idempotencyKey);
        }
        JsonNode signedKey = event.path("idempotency_key");
        if (signedKey.isTextual() && !signedKey.textValue().equals(idempotencyKey)) {
            throw RejectedRequest.keyMismatch();
        }
        schemas.check(event);
        if (!signedKey.isTextual()) { // which a schema should have said
            throw RejectedRequest.invalidEvent(List.of(new Problem("idempotency_key", "is required")));
        }
        return event;
    }

    /** The number that the plugin gave an event, from 1; 0 where it gave none. */
    static long sequence(JsonNode event) {
        JsonNode sequence = event.path("sequence");
        return sequence.isIntegralNumber() && sequence.canConvertToLong() ? sequence.longValue() : 0;
    }

    /**
     * As {@link #parse(byte[], String, boolean)}, of an event whose name and key are not in the body.
     *
     * @param event its name
     */
    public void parse(byte[] content, String event) {
        schemas.check(StrictJson.parse(content), event);
    }
}

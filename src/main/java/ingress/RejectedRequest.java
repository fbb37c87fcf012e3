package ingress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request that is answered with an error of the contract's table and leaves nothing behind. */
public final class RejectedRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<Problem> details;
    private final transient Map<String, Object> headers;

    /** @param field where, such as {@code meta.categories[0]}; @param problem what is wrong, in words */
    public record Problem(String field, String problem) {}

    private RejectedRequest(int status, String error, List<Problem> details) {
        this(status, error, details, Map.of());
    }

    private RejectedRequest(int status, String error, List<Problem> details, Map<String, Object> headers) {
        // No stack trace: this is an answer and not a fault, and whoever sends rubbish should not make us slow.
        super(error, null, false, false);
        this.status = status;
        this.details = details;
        this.headers = headers;
    }

    public static RejectedRequest missingHeaders() {
        return new RejectedRequest(400, "missing headers", List.of());
    }

    /** One answer for a wrong signature, a stale timestamp and an unknown key: a sender learns nothing from it. */
    public static RejectedRequest badSignature() {
        return new RejectedRequest(401, "bad signature", List.of());
    }

    public static RejectedRequest invalidJson() {
        return new RejectedRequest(400, "invalid json", List.of());
    }

    public static RejectedRequest keyMismatch() {
        return new RejectedRequest(400, "idempotency key mismatch", List.of());
    }

    public static RejectedRequest keyReused() {
        return new RejectedRequest(409, "idempotency key reused", List.of());
    }

    public static RejectedRequest unauthorized() {
        return new RejectedRequest(401, "unauthorized", List.of());
    }

    /** @param reason what to do about it */
    public static RejectedRequest forbidden(String reason) {
        return new RejectedRequest(403, reason, List.of());
    }

    /** @param reason what stands in the way */
    public static RejectedRequest conflict(String reason) {
        return new RejectedRequest(409, reason, List.of());
    }

    public static RejectedRequest notFound() {
        return new RejectedRequest(404, "not found", List.of());
    }

    /** @param problem what is not there and where to look, as the end of a sentence that begins with the field's name */
    public static RejectedRequest notFound(String field, String problem) {
        return new RejectedRequest(404, "not found", List.of(new Problem(field, problem)));
    }

    public static RejectedRequest payloadTooLarge() {
        return new RejectedRequest(413, "payload too large", List.of());
    }

    public static RejectedRequest unsupportedMediaType() {
        return new RejectedRequest(415, "unsupported media type", List.of());
    }

    /** @param reason what to ask instead */
    public static RejectedRequest badRequest(String reason) {
        return new RejectedRequest(400, reason, List.of());
    }

    /** @param problem what is wrong with the query parameter, as the end of a sentence that begins with its name */
    public static RejectedRequest invalidParameter(String name, String problem) {
        return new RejectedRequest(422, "invalid parameter", List.of(new Problem(name, problem)));
    }

    public static RejectedRequest invalidEvent(List<Problem> details) {
        return new RejectedRequest(422, "invalid event", details);
    }

    /** @param retryAfter seconds after which the sender should come again */
    public static RejectedRequest busy(int retryAfter) {
        return new RejectedRequest(429, "busy", List.of(), Map.of("Retry-After", retryAfter));
    }

    /** As {@link #busy}, for who sends more than its share. */
    public static RejectedRequest tooManyRequests(int retryAfter) {
        return new RejectedRequest(429, "too many requests", List.of(), Map.of("Retry-After", retryAfter));
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** What the answer's headers say besides the usual. */
    public Map<String, Object> headers() {
        return headers == null ? Map.of() : headers;
    }

    /** What is wrong in particular; may be none. */
    public List<Problem> problems() {
        return details == null ? List.of() : details;
    }

    /** The JSON body of the answer. */
    public Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", getMessage());
        if (details != null && !details.isEmpty()) {
            body.put("details", details);
        }
        return body;
    }
}

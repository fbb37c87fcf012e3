package events;

import java.util.UUID;

/**
 * A verified event on its way into the event log.
 *
 * @param id time-ordered (UUIDv7)
 * @param site whose secret verified it
 * @param key the idempotency key, 1–64 characters
 * @param event its type, such as {@code post.published}
 * @param payload the bytes that were signed
 * @param traceparent W3C trace context that the event goes on with, or null
 */
public record ReceivedEvent(
        UUID id, String site, String key, String event, byte[] payload, String requestId, String traceparent) {}

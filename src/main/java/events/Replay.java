package events;

import java.time.OffsetDateTime;

/**
 * That an event was put back into the outbox, or its dead letter into the queue.
 *
 * @param by who did it, in words
 */
public record Replay(OffsetDateTime at, String by) {}

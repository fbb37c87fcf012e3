package events;

import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * An event as the event log has it.
 *
 * @param status {@code queued}, {@code processing}, {@code done} or {@code error}
 * @param attempts how often a worker claimed it
 * @param retries how many of the retry delays it has used since it was last queued
 * @param unended how many claims in a row have not come to an end, this one included: their workers died, or could not write down how it ended
 * @param replays how often it was put back into the outbox
 * @param error why the latest attempt failed, at most 2000 characters, or null
 * @param result JSON of what the automation left, or null
 * @param callBack what WordPress answered, such as {@code applied}, or null
 * @param erasedAt when its payload and all that came of it was removed ({@link Erasures}), or null
 */
public record Event(
        UUID id,
        String site,
        String key,
        String event,
        byte[] payload,
        String requestId,
        String traceparent,
        String status,
        int attempts,
        int retries,
        int unended,
        int replays,
        OffsetDateTime receivedAt,
        OffsetDateTime startedAt,
        OffsetDateTime finishedAt,
        String error,
        String result,
        String callBack,
        OffsetDateTime erasedAt) {
    /** The trace that the event belongs to (W3C Trace Context), or null. */
    public String traceId() {
        return TraceParent.traceId(traceparent);
    }
}

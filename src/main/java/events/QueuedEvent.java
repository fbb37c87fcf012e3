package events;

import java.util.UUID;

/**
 * What the queue carries of an event (Claim Check): enough to find it and to see in a console what it is.
 *
 * @param replays how often it was put back; part of the duplicate-detection id, or the broker would drop a replay
 * @param traceparent what its trace goes on with, or null; the queue carries it only where somebody traces
 */
public record QueuedEvent(UUID id, String site, String key, String event, int replays, String traceparent) {
    /**
     * By which the broker knows a message for it alone: the same for two sends of one dispatch, another for each
     * replay.
     */
    public String duplicateId() {
        return id + "/" + replays;
    }
}

package events;

import java.time.Instant;

/**
 * Not a failure: the attempt did a part of the event, and another goes on with the rest. It begins behind the events that
 * wait in the queue, and with all its retries, since this one got on.
 */
public final class Unfinished extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String progress;
    private final Instant due;

    /**
     * @param waitsFor why it does not go on at once, for the operator; null when it does
     * @param progress JSON of how far it is, which is the event's result until it has one
     * @param due when to go on
     */
    public Unfinished(String waitsFor, String progress, Instant due) {
        super(waitsFor, null, false, false);
        this.progress = progress;
        this.due = due;
    }

    String progress() {
        return progress;
    }

    Instant due() {
        return due;
    }
}

package events;

import java.time.Instant;

/**
 * The event cannot go on now through no fault of its own: it waits until then, and none of its retries is used up. The
 * message is for the operator.
 */
public final class HeldBack extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Instant until;

    public HeldBack(String reason, Instant until) {
        // No stack trace: thousands of events may wait for one server.
        super(reason, null, false, false);
        this.until = until;
    }

    public Instant until() {
        return until;
    }
}

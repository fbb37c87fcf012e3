package events;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The event cannot go on now through no fault of its own: it waits until then, and none of its retries is used up. The
 * message is for the operator.
 */
public class HeldBack extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Instant until;
    private final boolean isPatient;

    /** However long it takes. */
    public HeldBack(String reason, Instant until) {
        this(reason, until, true);
    }

    /** @param isPatient false: it waits no longer than all of its retries would have taken, and is a dead letter then */
    protected HeldBack(String reason, Instant until, boolean isPatient) {
        // No stack trace: thousands of events may wait for one server.
        super(reason, null, false, false);
        this.until = until;
        this.isPatient = isPatient;
    }

    /**
     * When to come back to a server that has not answered for a while: the longer it is, the later, for thousands may
     * wait; spread, so that they do not come at once.
     */
    public static Instant until(Instant since, Instant now, Duration shortest) {
        long wait = Math.min(
                Math.max(Duration.between(since, now).dividedBy(2).toMillis(), shortest.toMillis()),
                LONGEST.toMillis());
        return now.plusMillis(wait + ThreadLocalRandom.current().nextLong(Math.max(1, wait)));
    }

    public Instant until() {
        return until;
    }

    boolean isPatient() {
        return isPatient;
    }
}

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
    private final boolean mayWaitForEver;

    /** However long it takes. */
    public HeldBack(String reason, Instant until) {
        this(reason, until, true);
    }

    /**
     * @param mayWaitForEver false: it waits no longer than all of its retries would have taken, and is a dead letter then
     */
    protected HeldBack(String reason, Instant until, boolean mayWaitForEver) {
        // No stack trace: thousands of events may wait for one server.
        super(reason, null, false, false);
        this.until = until;
        this.mayWaitForEver = mayWaitForEver;
    }

    /**
     * When to come back to a server that has not answered for a while: after a {@link #growing} wait and up to as much
     * again, so that the thousands who may wait do not come at once.
     */
    public static Instant until(Instant since, Instant now, Duration shortest) {
        long wait = growing(Duration.between(since, now), shortest, LONGEST).toMillis();
        return now.plusMillis(wait + ThreadLocalRandom.current().nextLong(Math.max(1, wait)));
    }

    /** Half of how long it has lasted, within bounds: the longer it lasts, the rarer somebody asks. */
    public static Duration growing(Duration lasted, Duration shortest, Duration longest) {
        Duration half = lasted.dividedBy(2);
        if (half.compareTo(shortest) < 0) {
            return shortest;
        }
        return half.compareTo(longest) > 0 ? longest : half;
    }

    public Instant until() {
        return until;
    }

    /** How many claims without an end it still has: none, since this one has come to one. */
    int unended() {
        return 0;
    }

    /** Whether waiting mends nothing: the event is a dead letter at once. */
    protected boolean isInVain() {
        return false;
    }

    boolean mayWaitForEver() {
        return mayWaitForEver;
    }
}

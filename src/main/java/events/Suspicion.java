package events;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What becomes of an event whose workers die while they have it: it may be the one that kills them, or just be in hand
 * beside that one. Claims 1 to 4 in a row without an end are attempts; 5, 7 and 9 only put it off, each event for a time of
 * its own, so that 6, 8 and 10 are attempts apart from those it was in hand with; 11 makes it a dead letter. One attempt
 * that comes to an end, whatever it is, and the count begins anew.
 */
public final class Suspicion {
    /** Not sooner: a broker that fails over gives a message out again as well, and no worker has died. */
    private static final int FROM = 5;

    private static final int MOST = 10;
    /** The first time within so long, then within longer: an attempt takes as long as an AI does. */
    private static final Duration SPREAD = Duration.ofSeconds(15);

    private Suspicion() {}

    /**
     * @param unended how many claims in a row have not come to an end, this one included ({@link Claims} does not count those
     *     that follow within a second)
     * @throws PermanentFailure when it is not to be tried again
     * @throws HeldBack when it is not to be tried now
     */
    public static void check(int unended, Instant now) {
        if (unended > MOST) {
            throw new PermanentFailure("its worker died each time that it was worked on");
        }
        if (unended >= FROM && unended % 2 == FROM % 2) {
            long longest = SPREAD.multipliedBy(unended - FROM + 1L).toMillis();
            throw new Suspected(now.plusMillis(ThreadLocalRandom.current().nextLong(longest)), unended);
        }
    }

    private static final class Suspected extends HeldBack {
        private static final long serialVersionUID = 1L;

        private final int unended;

        Suspected(Instant until, int unended) {
            super("its workers died, so it is tried apart from others", until);
            this.unended = unended;
        }

        @Override
        int unended() {
            return unended;
        }
    }
}

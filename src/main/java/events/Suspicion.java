package events;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What becomes of an event whose workers die while they have it. It may be the one that kills them, or just be in hand
 * beside that one: so those that were in hand together are tried again each at a time of its own. Who ends is cleared.
 */
public final class Suspicion {
    /** After so many claims without an end every other one only puts it off. */
    private static final int FROM = 3;

    private static final int MOST = 10;
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private Suspicion() {}

    /**
     * @param event as it has just been claimed
     * @throws PermanentFailure when it is not to be tried again
     * @throws HeldBack when it is not to be tried now
     */
    public static void check(Event event, Instant now) {
        if (event.unended() > MOST) {
            throw new PermanentFailure("its worker died each time that it was worked on");
        }
        if (event.unended() >= FROM && event.unended() % 2 == FROM % 2) {
            throw new Suspected(now.plusMillis(ThreadLocalRandom.current().nextLong(LONGEST.toMillis())));
        }
    }

    private static final class Suspected extends HeldBack {
        private static final long serialVersionUID = 1L;

        Suspected(Instant until) {
            super("its workers died, so it is tried apart from others", until);
        }

        @Override
        int unended(Event event) {
            return event.unended();
        }
    }
}

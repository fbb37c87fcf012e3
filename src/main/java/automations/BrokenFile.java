package automations;

import events.HeldBack;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is said of a file of {@code RELAY_AUTOMATIONS_DIR} that cannot be used, and how events wait for another. */
final class BrokenFile {
    static final String WAITS = "what it is for waits until it is mended or taken away";

    private static final Duration UNTIL_LOOKED_AGAIN = Duration.ofSeconds(15);
    private static final Logger LOG = LoggerFactory.getLogger(BrokenFile.class);

    private BrokenFile() {}

    /** @param problem in one line */
    static String sentence(String file, String problem) {
        return file + " in RELAY_AUTOMATIONS_DIR cannot be used: " + problem;
    }

    /** For an event that would need it: the longer it has been broken, the more may wait, and the rarer each looks. */
    static HeldBack wait(String sentence, Instant since, Instant now) {
        return new HeldBack("waits, since " + sentence, HeldBack.until(since, now, UNTIL_LOOKED_AGAIN));
    }

    /**
     * Tells the operator.
     *
     * @param untilMended what becomes of events, as the end of a sentence; null if what the file said before holds, or it
     *     never said anything
     */
    static void say(String file, String untilMended, boolean isKept, String problem) {
        String so = untilMended != null ? untilMended : isKept ? "what it said before holds" : "it is left out";
        LOG.error("RELAY_AUTOMATIONS_DIR: {} cannot be used, and {}: {}", file, so, problem);
    }
}

package contact;

import contact.Ranges.Gap;
import contact.Ranges.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is known of a site.
 *
 * @param askAfter when it may be asked again
 * @param fruitless how often in a row nothing came of it
 * @param missing how many numbers were overdue when it was looked at last
 * @param ranges its numbers that have come; empty for a sender that is no plugin
 */
public record Contact(String site, Instant heardAt, Instant askAfter, int fruitless, long missing, List<Range> ranges) {
    /** Events overtake each other, and the plugin comes again after a minute. */
    static final Duration OVERDUE = Duration.ofMinutes(2);

    /** The numbers that have been missing for long, the lowest first. */
    public List<Gap> overdue(Instant now) {
        return Ranges.of(ranges).gaps(now.minus(OVERDUE));
    }

    public boolean isPlugin() {
        return !ranges.isEmpty();
    }

    long highest() {
        return Ranges.of(ranges).highest();
    }
}

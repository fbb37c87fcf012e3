package erasure;

import events.DeadLetters;
import events.Erasures;
import events.Erasures.Erased;
import events.Event;
import ingress.EmailMatch;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what the events of a person hold, page by page; whether an operator asks for it or the person's site. */
public final class PersonErasure {
    /** How many events one page looks through at most: payloads of up to 256 KiB, all in memory. */
    private static final int PAGE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(PersonErasure.class);

    private final Erasures erasures;
    private final DeadLetters deadLetters;
    private final EmailMatch match;

    /**
     * A part of the event log that was looked through.
     *
     * @param events what was removed of those that are of the person, or would be
     * @param unknown how many events may be of the person, since what they have encrypted does not open
     * @param last where to go on after; null when that was all
     */
    public record Page(List<Erased> events, int unknown, UUID last) {}

    public PersonErasure(Erasures erasures, DeadLetters deadLetters, EmailMatch match) {
        this.erasures = erasures;
        this.deadLetters = deadLetters;
        this.match = match;
    }

    /**
     * Erases those of the next events that have the e-mail address. A request to erase that has not come to its end is
     * left as it is, though it has the hash: it would be a dead letter, and do no more for the person.
     *
     * @param sha256 64 hexadecimal digits
     * @param site null for events of all sites
     * @param after the last one of the page before, or null
     * @param isDryRun whether to say only what would be erased
     */
    public Page next(String sha256, String site, UUID after, boolean isDryRun) {
        AtomicInteger unknown = new AtomicInteger();
        Erasures.Page page =
                erasures.find(event -> !isRequest(event) && isOf(event, sha256, unknown), site, after, PAGE);
        List<Erased> erased = isDryRun ? erasures.preview(page.found()) : erase(page.found());
        return new Page(erased, unknown.get(), page.last());
    }

    private static boolean isRequest(Event event) {
        return event.event().equals(Erasures.EVENT) && !event.status().equals("done");
    }

    private boolean isOf(Event event, String sha256, AtomicInteger unknown) {
        EmailMatch.Result result = match.of(event, sha256);
        unknown.addAndGet(result == EmailMatch.Result.UNKNOWN ? 1 : 0);
        return result == EmailMatch.Result.YES;
    }

    /** What {@link #erase} would remove now. */
    public List<Erased> preview(List<UUID> events) {
        return erasures.preview(events);
    }

    /** Their letters too: the broker commits last, so if the database does not, they stay. */
    public List<Erased> erase(List<UUID> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        try (DeadLetters.Removal letters = deadLetters.remove()) {
            List<Erased> erased = erasures.erase(events, letters::receive);
            letters.commit();
            LOG.info("{} events were erased", erased.size());
            return erased;
        }
    }
}

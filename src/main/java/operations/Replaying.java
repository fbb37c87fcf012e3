package operations;

import events.DeadLetters;
import events.EventPages;
import events.EventQuery;
import events.EventQuery.Row;
import events.Replays;
import ingress.RejectedRequest;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Another chance for events, as an operator gives it on a page or over HTTP: what would happen, and then that it happens.
 * {@code by} is who does it, in words.
 */
public final class Replaying {
    /** How many events one step replays at most: one transaction, and one pass over the dead letters. */
    static final int BATCH = 500;

    /** Up to where a dry run counts. */
    private static final int MOST_COUNTED = 10_000;

    /** For so long a browser waits without wondering; whoever asked goes on from there. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    private final EventPages events;
    private final Replays replays;
    private final DeadLetters deadLetters;
    private final KnownNames known;

    public Replaying(EventPages events, Replays replays, DeadLetters deadLetters, KnownNames known) {
        this.events = events;
        this.replays = replays;
        this.deadLetters = deadLetters;
        this.known = known;
    }

    /** @param next from where to go on; null: they were all */
    public record Outcome(int count, UUID next) {}

    /** How many match, after one of them or (null) in all. */
    public EventPages.Count count(EventQuery query, UUID after) {
        return events.count(query, after, MOST_COUNTED);
    }

    /**
     * The next of those that match, the oldest first, as {@link #replay(EventQuery, UUID, String)} would replay them.
     *
     * @throws RejectedRequest 422 when there is none since the filter has a name that nobody knows
     */
    public Replays.Batch preview(EventQuery query, UUID after, int most) {
        return checked(query, after, replays.preview(query, after, most));
    }

    /** As {@link #replay(List, boolean, String)} would replay them. */
    public List<Row> preview(List<UUID> ids, boolean isForced) {
        return replays.preview(ids, isForced);
    }

    /** What became of each of the given events; of one that is not there, nothing. */
    public Map<UUID, String> statuses(List<UUID> ids) {
        return events.statuses(ids);
    }

    /** @return false: it is not dead, and not forced */
    boolean replay(UUID id, boolean isForced, String by) {
        return withoutDeadLetters(letters -> replays.replay(id, isForced, by, letters::receive));
    }

    /** @return those of them that were replayed, as they were before */
    public List<Row> replay(List<UUID> ids, boolean isForced, String by) {
        return withoutDeadLetters(letters -> replays.replay(ids, isForced, by, letters::receive));
    }

    /**
     * The next of those that match.
     *
     * @param after the last one that was replayed before, or null
     * @throws RejectedRequest 422 when there is none since the filter has a name that nobody knows
     */
    Replays.Batch replay(EventQuery query, UUID after, String by) {
        return checked(
                query, after, withoutDeadLetters(letters -> replays.replay(query, after, BATCH, by, letters::receive)));
    }

    /** All that match, or as many as are replayed within some seconds. */
    public Outcome replayAll(EventQuery query, UUID after, String by) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        int count = 0;
        UUID place = after;
        do {
            Replays.Batch batch = replay(query, place, by);
            count += batch.events().size();
            place = batch.next();
        } while (place != null && System.nanoTime() - end < 0);
        return new Outcome(count, place);
    }

    /** Up to so many of those that were replayed between two moments. */
    public List<UUID> replayed(OffsetDateTime from, OffsetDateTime to) {
        return replays.replayed(from, to, MOST_COUNTED);
    }

    private Replays.Batch checked(EventQuery query, UUID after, Replays.Batch batch) {
        if (after == null && batch.next() == null && batch.events().isEmpty()) {
            known.check(query);
        }
        return batch;
    }

    /** The broker commits last: if the database does not, the dead letters stay. */
    private <T> T withoutDeadLetters(Function<DeadLetters.Removal, T> replay) {
        try (DeadLetters.Removal letters = deadLetters.remove()) {
            T replayed = replay.apply(letters);
            letters.commit();
            return replayed;
        }
    }
}

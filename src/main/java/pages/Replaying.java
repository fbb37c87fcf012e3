package pages;

import events.DeadLetters;
import events.EventPages;
import events.EventQuery;
import events.Replays;
import events.Replays.Replayed;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Another chance for events, as the pages give it: what would happen, and then that it happens. */
public final class Replaying {
    /** One transaction, and one pass over the dead letters. */
    private static final int BATCH = 500;

    /** Up to where a dry run counts. */
    private static final int MOST_COUNTED = 10_000;

    /** For so long a browser waits without wondering; whoever asked goes on from there. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    private final EventPages events;
    private final Replays replays;
    private final DeadLetters deadLetters;

    public Replaying(EventPages events, Replays replays, DeadLetters deadLetters) {
        this.events = events;
        this.replays = replays;
        this.deadLetters = deadLetters;
    }

    /** @param next from where to go on; null: they were all */
    record Outcome(int count, UUID next) {}

    EventPages.Count count(EventQuery query, UUID after) {
        return events.count(query, after, MOST_COUNTED);
    }

    /** The first of those that match, the oldest first. */
    List<Replayed> first(EventQuery query, UUID after, int most) {
        return replays.preview(query, after, most).events();
    }

    /** Those of the given events that are there and not erased, whatever their status. */
    List<Replayed> chosen(List<UUID> ids) {
        return replays.preview(ids, true);
    }

    List<Replayed> replay(List<UUID> ids, boolean isForced) {
        return withoutDeadLetters(letters -> replays.replay(ids, isForced, letters::receive));
    }

    /** @param after the last one that was replayed before, or null */
    Outcome replay(EventQuery query, UUID after) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        int count = 0;
        UUID place = after;
        do {
            UUID from = place;
            Replays.Batch batch = withoutDeadLetters(letters -> replays.replay(query, from, BATCH, letters::receive));
            count += batch.events().size();
            place = batch.next();
        } while (place != null && System.nanoTime() - end < 0);
        return new Outcome(count, place);
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

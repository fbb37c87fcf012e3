package events;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where an event is, and since when: what the event log knows of it and {@link Event} has no use for. */
public final class EventTrail {
    private final JdbcClient database;
    private final Clock clock;

    /**
     * @param dispatchedAt when it was last put into the queue; null while it waits in the outbox
     * @param dueAt when its next try is, while it waits for one
     * @param pausedSince since when call-backs to its site are paused, or null; {@code pausedReason} says why
     */
    public record Place(
            OffsetDateTime dispatchedAt, OffsetDateTime dueAt, OffsetDateTime pausedSince, String pausedReason) {
        static final Place GONE = new Place(null, null, null, null);
    }

    /**
     * What an event that has not come to its end waits for.
     *
     * @param in {@code outbox}, {@code queue} (for its turn), {@code later} (for a later try) or {@code worker}
     * @param since when it came there, or null
     * @param until when it goes on, or null
     * @param reason in words, or null
     */
    public record Waiting(String in, OffsetDateTime since, OffsetDateTime until, String reason) {}

    public EventTrail(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    public Place place(UUID event) {
        return database.sql("SELECT dispatched_at, due_at, paused_at, reason FROM relay_event"
                        + " LEFT JOIN relay_pause ON relay_pause.site = relay_event.site AND " + Pauses.LASTS
                        + " WHERE id = ?")
                .params(OffsetDateTime.now(clock), event)
                .query((row, number) -> new Place(
                        row.getObject("dispatched_at", OffsetDateTime.class),
                        row.getObject("due_at", OffsetDateTime.class),
                        row.getObject("paused_at", OffsetDateTime.class),
                        row.getString("reason")))
                .optional()
                .orElse(Place.GONE);
    }

    /** How often it was put back, the first time first; without those that a relay before version 10 of the tables did. */
    public List<Replay> replays(UUID event) {
        return ReplayLog.read(database, event);
    }

    /** @return null for an event that waits for nothing: it is done or dead */
    public Waiting waiting(Event event, Place place) {
        if (event.status().equals("processing")) {
            return new Waiting("worker", event.startedAt(), null, "a worker has it");
        }
        if (!event.status().equals("queued")) {
            return null;
        }
        if (place.dispatchedAt() == null) {
            OffsetDateTime since = event.replays() == 0 ? event.receivedAt() : null;
            return new Waiting("outbox", since, null, "not yet in the queue");
        }
        if (place.dueAt() != null && place.dueAt().isAfter(OffsetDateTime.now(clock))) {
            return new Waiting("later", null, place.dueAt(), event.error());
        }
        String reason = place.pausedReason() == null
                ? "its turn"
                : "call-backs to its site are paused: " + place.pausedReason();
        return new Waiting("queue", place.dueAt() == null ? place.dispatchedAt() : place.dueAt(), null, reason);
    }
}

package events;

import java.sql.ResultSet;
import java.sql.SQLException;
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
     * @param pause of call-backs to its site, or null
     */
    public record Place(OffsetDateTime dispatchedAt, OffsetDateTime dueAt, Pause pause) {
        static final Place GONE = new Place(null, null, null);
    }

    /**
     * That call-backs to a site are paused.
     *
     * @param until when one event tries again; of an operator's pause its end, null for none
     * @param byHand whether an operator paused it
     */
    public record Pause(OffsetDateTime since, OffsetDateTime until, boolean byHand, String reason) {}

    /**
     * What an event that has not come to its end waits for.
     *
     * @param in {@code outbox}, {@code queue} (for its turn), {@code later} (for a later try) or {@code worker}
     * @param since when it came there, or null
     * @param until when it goes on, or null
     * @param reason in words, or null
     * @param isHeldBack whether its latest attempt used up no try: it was held back, or did a part of it
     * @param pause of call-backs to its site, or null
     */
    public record Waiting(
            String in, OffsetDateTime since, OffsetDateTime until, String reason, boolean isHeldBack, Pause pause) {}

    public EventTrail(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    public Place place(UUID event) {
        return database.sql(
                        "SELECT dispatched_at, due_at, paused_at, paused_until, ends_at, by_hand, reason FROM relay_event"
                                + " LEFT JOIN relay_pause ON relay_pause.site = relay_event.site AND " + Pauses.LASTS
                                + " WHERE id = ?")
                .params(OffsetDateTime.now(clock), event)
                .query((row, number) -> new Place(
                        row.getObject("dispatched_at", OffsetDateTime.class),
                        row.getObject("due_at", OffsetDateTime.class),
                        pause(row)))
                .optional()
                .orElse(Place.GONE);
    }

    private static Pause pause(ResultSet row) throws SQLException {
        OffsetDateTime since = row.getObject("paused_at", OffsetDateTime.class);
        if (since == null) {
            return null;
        }
        boolean byHand = row.getBoolean("by_hand");
        OffsetDateTime until = row.getObject(byHand ? "ends_at" : "paused_until", OffsetDateTime.class);
        return new Pause(since, until, byHand, row.getString("reason"));
    }

    /** How often it was put back, the first time first; without those that a relay before version 10 of the tables did. */
    public List<Replay> replays(UUID event) {
        return ReplayLog.read(database, event);
    }

    /**
     * What an event waits for.
     *
     * @param attempts those at it that have come to their end
     * @return null for an event that waits for nothing: it is done or dead
     */
    public Waiting waiting(Event event, Place place, List<Attempt> attempts) {
        if (event.status().equals("processing")) {
            return new Waiting("worker", event.startedAt(), null, "a worker has it", false, null);
        }
        if (!event.status().equals("queued")) {
            return null;
        }
        Pause pause = place.pause();
        if (place.dispatchedAt() == null) {
            OffsetDateTime since = event.replays() == 0 ? event.receivedAt() : null;
            return new Waiting("outbox", since, null, "not yet in the queue", false, pause);
        }
        boolean isHeldBack =
                event.attempts() > 0 && attempts.stream().noneMatch(attempt -> attempt.attempt() == event.attempts());
        String paused = pause == null ? null : "call-backs to its site are paused: " + pause.reason();
        if (isHeldBack && pause != null && pause.byHand()) {
            // Until then it comes back now and then, and always in vain.
            return new Waiting("later", null, pause.until(), paused, true, pause);
        }
        if (place.dueAt() != null && place.dueAt().isAfter(OffsetDateTime.now(clock))) {
            String reason = isHeldBack && paused != null ? paused : event.error();
            return new Waiting("later", null, place.dueAt(), reason, isHeldBack, pause);
        }
        OffsetDateTime since = place.dueAt() == null ? place.dispatchedAt() : place.dueAt();
        return new Waiting("queue", since, null, paused == null ? "its turn" : paused, isHeldBack, pause);
    }
}

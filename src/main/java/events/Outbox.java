package events;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The events that are recorded and not yet in the queue. To be used inside a transaction, which holds the locks. */
public final class Outbox {
    private final JdbcClient database;
    private final Clock clock;

    public Outbox(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    /**
     * Locks the next waiting events, the oldest first. Another dispatcher at the same time gets others: SKIP LOCKED is
     * all that several relays need to share the work.
     */
    public List<QueuedEvent> lock(int most) {
        // The order of the index, to its letter: with id alone PostgreSQL would sort the whole outbox for each batch.
        return database.sql("""
                        SELECT id, site, idempotency_key, event, replays FROM relay_event
                        WHERE dispatched_at IS NULL ORDER BY dispatched_at, id LIMIT ? FOR UPDATE SKIP LOCKED""")
                .param(most)
                .query((row, number) -> new QueuedEvent(
                        row.getObject("id", UUID.class),
                        row.getString("site"),
                        row.getString("idempotency_key"),
                        row.getString("event"),
                        row.getInt("replays")))
                .list();
    }

    /** The queue has them, durably. */
    public void markDispatched(List<QueuedEvent> events) {
        database.sql("UPDATE relay_event SET dispatched_at = ? WHERE id = ANY(?)")
                .params(OffsetDateTime.now(clock), EventLog.ids(events.stream().map(QueuedEvent::id)))
                .update();
    }
}

package events;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbc.JdbcConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** The events that are recorded and not yet in the queue. To be used inside a transaction, which holds the locks. */
public final class Outbox {
    /** In the order of the index, to its letter: with id alone PostgreSQL would sort the whole outbox for each batch. */
    private static final String WAITING =
            "FROM relay_event WHERE dispatched_at IS NULL ORDER BY dispatched_at, id LIMIT ?";

    private static final String EVENTS = "SELECT id, site, idempotency_key, event, replays, traceparent ";
    private static final String LOCKED = " FOR UPDATE SKIP LOCKED";

    private final JdbcTemplate database;
    private final Clock clock;

    public Outbox(DataSource dataSource, Clock clock) {
        this.database = new JdbcTemplate(dataSource);
        this.clock = clock;
    }

    /**
     * Locks the next waiting events, the oldest first. Another dispatcher at the same time gets others: SKIP LOCKED is
     * all that several relays need to share the work.
     */
    public List<QueuedEvent> lock(int most) {
        if (!isH2()) {
            return events(WAITING + LOCKED, most);
        }
        // H2 locks, and reads, all that the condition finds before it looks at the limit. It has one relay.
        List<UUID> next = database.queryForList("SELECT id " + WAITING, UUID.class, most);
        return events("FROM relay_event WHERE id = ANY(?) AND dispatched_at IS NULL ORDER BY id" + LOCKED, (Object)
                EventLog.ids(next.stream()));
    }

    private boolean isH2() {
        return Boolean.TRUE.equals(database.execute(
                (ConnectionCallback<Boolean>) connection -> connection.isWrapperFor(JdbcConnection.class)));
    }

    private List<QueuedEvent> events(String condition, Object parameter) {
        return database.query(
                EVENTS + condition,
                (row, number) -> new QueuedEvent(
                        row.getObject("id", UUID.class),
                        row.getString("site"),
                        row.getString("idempotency_key"),
                        row.getString("event"),
                        row.getInt("replays"),
                        row.getString("traceparent")),
                parameter);
    }

    /** The queue has them, durably. */
    public void markDispatched(List<QueuedEvent> events) {
        database.update(
                "UPDATE relay_event SET dispatched_at = ? WHERE id = ANY(?)",
                OffsetDateTime.now(clock),
                EventLog.ids(events.stream().map(QueuedEvent::id)));
    }
}

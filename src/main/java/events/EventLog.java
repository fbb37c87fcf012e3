package events;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Every event that was accepted, what was tried with it and what came of it. Portable SQL, on PostgreSQL and on H2 in
 * PostgreSQL mode. Each method is one transaction, or joins the one that is open on its thread; each throws Spring's
 * {@code DataAccessException} when the database does not take it.
 */
public final class EventLog {
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

    private static final String INSERT = """
            INSERT INTO relay_event
                (id, site, idempotency_key, event, payload, request_id, traceparent, received_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING""";

    private final JdbcClient database;
    private final JdbcTemplate jdbcTemplate;
    private final Clock clock;

    public EventLog(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.jdbcTemplate = new JdbcTemplate(dataSource);
        this.clock = clock;
    }

    public static UUID nextId() {
        return IDS.generate();
    }

    /**
     * Records the event, its key and its place in the outbox in one statement.
     *
     * @return false, and nothing recorded, when its site has used its key before; that use is durable then
     */
    public boolean add(ReceivedEvent event) {
        return addAll(List.of(event)).get(0);
    }

    /**
     * Records several in one transaction, which all of them need: if one cannot be recorded, none is.
     *
     * @return for each, in the same order, what {@link #add} would return
     */
    public List<Boolean> addAll(List<ReceivedEvent> events) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        int[] added = DurableCommit.updateAll(
                jdbcTemplate,
                INSERT,
                events.stream().map(event -> row(event, now)).toList());
        return Arrays.stream(added).mapToObj(rows -> rows == 1).toList();
    }

    private static Object[] row(ReceivedEvent event, OffsetDateTime now) {
        return new Object[] {
            event.id(),
            event.site(),
            event.key(),
            event.event(),
            event.payload(),
            event.requestId(),
            event.traceparent(),
            now
        };
    }

    public Optional<Event> find(String site, String key) {
        return database.sql("SELECT * FROM relay_event WHERE site = ? AND idempotency_key = ?")
                .params(site, key)
                .query(EventLog::event)
                .optional();
    }

    /** The events of every site under this key, the newest first. */
    public List<Event> findByKey(String key) {
        return database.sql("SELECT * FROM relay_event WHERE idempotency_key = ? ORDER BY id DESC")
                .params(key)
                .query(EventLog::event)
                .list();
    }

    /** What was tried with an event, the first attempt first. */
    public List<Attempt> attempts(UUID id) {
        return database.sql("SELECT * FROM relay_attempt WHERE event_id = ? ORDER BY attempt")
                .param(id)
                .query((row, number) -> new Attempt(
                        row.getInt("attempt"),
                        time(row, "started_at"),
                        time(row, "finished_at"),
                        row.getString("outcome"),
                        row.getString("error")))
                .list();
    }

    static Event event(ResultSet row, int number) throws SQLException {
        return new Event(
                row.getObject("id", UUID.class),
                row.getString("site"),
                row.getString("idempotency_key"),
                row.getString("event"),
                row.getBytes("payload"),
                row.getString("request_id"),
                row.getString("traceparent"),
                row.getString("status"),
                row.getInt("attempts"),
                row.getInt("retries"),
                row.getInt("unended"),
                row.getInt("replays"),
                time(row, "received_at"),
                time(row, "started_at"),
                time(row, "finished_at"),
                row.getString("error"),
                row.getString("result"),
                row.getString("call_back"));
    }

    private static OffsetDateTime time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class);
    }
}

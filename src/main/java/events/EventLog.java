package events;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Every event that was accepted, what was tried with it and what came of it. Portable SQL, on PostgreSQL and on H2 in
 * PostgreSQL mode. Each method is one transaction, or joins the one that is open on its thread; each throws Spring's
 * {@code DataAccessException} when the database does not take it.
 */
public final class EventLog {
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

    /** One statement for any number of events: an array a column. */
    private static final String INSERT = """
            INSERT INTO relay_event
                (received_at, id, site, idempotency_key, event, payload, request_id, traceparent)
            SELECT CAST(? AS TIMESTAMP(6) WITH TIME ZONE), added.* FROM UNNEST(
                CAST(? AS UUID ARRAY), CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY),
                CAST(? AS BYTEA ARRAY), CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY)) AS added
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
        int added = DurableCommit.update(
                jdbcTemplate,
                events.size(),
                INSERT,
                OffsetDateTime.now(clock),
                ids(events.stream().map(ReceivedEvent::id)),
                text(events, ReceivedEvent::site),
                text(events, ReceivedEvent::key),
                text(events, ReceivedEvent::event),
                column("bytea", events, ReceivedEvent::payload, byte[][]::new),
                text(events, ReceivedEvent::requestId),
                text(events, ReceivedEvent::traceparent));
        Set<UUID> ids = added == events.size() ? null : recorded(events);
        return events.stream()
                .map(event -> ids == null || ids.contains(event.id()))
                .toList();
    }

    static <T> SqlArrayValue text(List<T> events, Function<T, String> value) {
        return column("varchar", events, value, String[]::new);
    }

    private static <T, V> SqlArrayValue column(
            String type, List<T> events, Function<T, V> value, IntFunction<V[]> array) {
        return new SqlArrayValue(type, (Object[]) events.stream().map(value).toArray(array));
    }

    /** For {@code ANY(?)}. */
    static SqlArrayValue ids(Stream<UUID> ids) {
        return new SqlArrayValue("uuid", (Object[]) ids.toArray(UUID[]::new));
    }

    /** An id is new: who finds it there has recorded it. */
    private Set<UUID> recorded(List<ReceivedEvent> events) {
        return database.sql("SELECT id FROM relay_event WHERE id = ANY(?)")
                .param(ids(events.stream().map(ReceivedEvent::id)))
                .query(UUID.class)
                .set();
    }

    public Optional<Event> find(String site, String key) {
        return database.sql("SELECT * FROM relay_event WHERE site = ? AND idempotency_key = ?")
                .params(site, key)
                .query(EventLog::event)
                .optional();
    }

    /**
     * The events of every site under this key, the newest first. The key alone has no index, for which every event would
     * pay: it is looked for under each site there is, one by one, since H2 goes through the whole index for a list of them.
     */
    public List<Event> findByKey(String key) {
        return sites().stream()
                .flatMap(site -> find(site, key).stream())
                .sorted(Comparator.comparing(Event::id).reversed())
                .toList();
    }

    /** The sites that there are events of: a step in the index for each, however many events it has. */
    public List<String> sites() {
        List<String> sites = new ArrayList<>();
        Optional<String> next = siteAfter("");
        while (next.isPresent()) {
            sites.add(next.get());
            next = siteAfter(next.get());
        }
        return sites;
    }

    private Optional<String> siteAfter(String site) {
        // H2 begins at what is equal, even when it is asked for what is greater, and would go through all events of the
        // site. Nothing lies between a name and the same with a control character, which collations do not weigh.
        return database.sql("SELECT site FROM relay_event WHERE site > ? ORDER BY site, idempotency_key LIMIT 1")
                .param(site + '\u0001')
                .query(String.class)
                .optional();
    }

    /** @param id as it was answered when the event was accepted */
    public Optional<Event> find(UUID id) {
        return database.sql("SELECT * FROM relay_event WHERE id = ?")
                .param(id)
                .query(EventLog::event)
                .optional();
    }

    /**
     * What was tried with an event, the first attempt first. An attempt that brought it to its end is not in the table of
     * attempts but in the event's own row, until a replay takes that ({@link Replays}).
     */
    public List<Attempt> attempts(UUID id) {
        return database.sql("""
                        SELECT attempt, started_at, finished_at, outcome, error FROM relay_attempt WHERE event_id = ?
                        UNION
                        SELECT attempts, started_at, finished_at, status, error FROM relay_event WHERE id = ? AND status = 'done'
                        ORDER BY attempt""")
                .params(id, id)
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
                row.getString("call_back"),
                time(row, "erased_at"));
    }

    private static OffsetDateTime time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class);
    }
}

package events;

import events.EventQuery.Row;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts events back into the outbox, with all their retries and under their old key, so that what they have done already
 * is not done again. A worker that still holds such an event has no say any more: it can end only an event that is
 * {@code processing} under the number of its own attempt ({@link AttemptLog#finish}). Of an erased event nothing is left
 * to replay.
 */
public final class Replays {
    private final JdbcClient database;
    private final EventWalk walk;
    private final ReplayLog log;
    private final TransactionTemplate transaction;

    /**
     * @param events as they were before, the oldest first
     * @param next from where to go on; null when no more are left
     */
    public record Batch(List<Row> events, UUID next) {}

    public Replays(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.walk = new EventWalk(dataSource, System::nanoTime);
        this.log = new ReplayLog(dataSource, clock);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    /**
     * Puts one event back.
     *
     * @param isForced also when it is not dead: done, or queued or processing with its message lost
     * @param by who does it, in words
     * @param beforeCommit is given its id while no worker can have it yet
     * @return false, and nothing changed, when it is not dead and not forced
     */
    public boolean replay(UUID id, boolean isForced, String by, Consumer<List<UUID>> beforeCommit) {
        String where = " WHERE id = ? AND erased_at IS NULL" + (isForced ? "" : " AND status = 'error'");
        return !putBack(where, List.of(id), by, beforeCommit).isEmpty();
    }

    /**
     * Puts those of some events back that can be, in one transaction.
     *
     * @param isForced as all that follows, as in {@link #replay(UUID, boolean, String, Consumer)}
     */
    public List<Row> replay(List<UUID> ids, boolean isForced, String by, Consumer<List<UUID>> beforeCommit) {
        return ids.isEmpty()
                ? List.of()
                : putBack(among(isForced), List.of(EventLog.ids(ids.stream())), by, beforeCommit);
    }

    /** What {@link #replay(List, boolean, String, Consumer)} would put back now. */
    public List<Row> preview(List<UUID> ids, boolean isForced) {
        return ids.isEmpty() ? List.of() : select(among(isForced), List.of(EventLog.ids(ids.stream())));
    }

    /** Those that were put back between two moments, both included, by whomever. */
    public List<UUID> replayed(OffsetDateTime from, OffsetDateTime to, int most) {
        return log.events(from, to, most);
    }

    private static String among(boolean isForced) {
        return " WHERE id = ANY(?) AND erased_at IS NULL" + (isForced ? "" : " AND status = 'error'") + " ORDER BY id";
    }

    /**
     * Puts the next events that match back, whatever their status, in one transaction. They may be none though more are
     * left: no call looks for long.
     *
     * @param after the {@code next} of the batch before, or null: a replay that fails at once does not come twice
     * @param by who does it, in words
     * @param beforeCommit is given their ids while no worker can have them yet
     */
    public Batch replay(EventQuery query, UUID after, int most, String by, Consumer<List<UUID>> beforeCommit) {
        return next(query, after, most, (which, parameters) -> putBack(which, parameters, by, beforeCommit));
    }

    /** What {@link #replay(EventQuery, UUID, int, String, Consumer)} with the same arguments would put back now. */
    public Batch preview(EventQuery query, UUID after, int most) {
        return next(query, after, most, this::select);
    }

    /** The ids first: a query that locks is not to read what does not match. */
    private Batch next(EventQuery query, UUID after, int most, BiFunction<String, List<Object>, List<Row>> replay) {
        EventWalk.Stretch<UUID> stretch = walk.walk(EventWalk.IDS, query, after, true, most);
        if (stretch.found().isEmpty()) {
            return new Batch(List.of(), stretch.stoppedAt());
        }
        List<Object> parameters = new ArrayList<>();
        String where = query.where(parameters) + " AND erased_at IS NULL AND id = ANY(?) ORDER BY id";
        parameters.add(EventLog.ids(stretch.found().stream()));
        return new Batch(replay.apply(where, parameters), stretch.stoppedAt());
    }

    private List<Row> putBack(String which, List<Object> parameters, String by, Consumer<List<UUID>> beforeCommit) {
        return transaction.execute(status -> {
            List<Row> locked = select(which + " FOR UPDATE", parameters);
            if (!locked.isEmpty()) {
                List<UUID> ids = locked.stream().map(Row::id).toList();
                database.sql("""
                                INSERT INTO relay_attempt (event_id, attempt, started_at, finished_at, outcome)
                                SELECT id, attempts, started_at, finished_at, status FROM relay_event
                                WHERE id IN (:ids) AND status = 'done'
                                ON CONFLICT DO NOTHING""").param("ids", ids).update();
                log.write(ids, by);
                database.sql("""
                                UPDATE relay_event SET status = 'queued', dispatched_at = NULL, finished_at = NULL,
                                    due_at = NULL, retries = 0, unended = 0, replays = replays + 1
                                WHERE id IN (:ids)""").param("ids", ids).update();
                beforeCommit.accept(ids);
            }
            return locked;
        });
    }

    private List<Row> select(String which, List<Object> parameters) {
        return database.sql("SELECT " + EventQuery.COLUMNS + " FROM relay_event" + which)
                .params(parameters)
                .query(EventQuery::row)
                .list();
    }
}

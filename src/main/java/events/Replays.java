package events;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
    private final TransactionTemplate transaction;

    /** @param status the one it had before */
    public record Replayed(UUID id, String site, String key, String status) {}

    public Replays(DataSource dataSource) {
        this.database = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    /**
     * Puts one event back.
     *
     * @param isForced also when it is not dead: done, or queued or processing with its message lost
     * @param beforeCommit is given its id while no worker can have it yet
     * @return false, and nothing changed, when it is not dead and not forced
     */
    public boolean replay(UUID id, boolean isForced, Consumer<List<UUID>> beforeCommit) {
        String where = " WHERE id = ? AND erased_at IS NULL" + (isForced ? "" : " AND status = 'error'");
        return !putBack(where, List.of(id), beforeCommit).isEmpty();
    }

    /**
     * Puts the next events that match back, whatever their status, in one transaction.
     *
     * @param after the last one of the batch before, or null: a replay that fails at once does not come twice
     * @param beforeCommit is given their ids while no worker can have them yet
     * @return those that were put back, the oldest first; fewer than most when no more are left
     */
    public List<Replayed> replay(EventQuery query, UUID after, int most, Consumer<List<UUID>> beforeCommit) {
        List<Object> parameters = new ArrayList<>();
        return putBack(next(query, after, most, parameters), parameters, beforeCommit);
    }

    /** What {@link #replay} with the same arguments would put back now. */
    public List<Replayed> preview(EventQuery query, UUID after, int most) {
        List<Object> parameters = new ArrayList<>();
        return select(next(query, after, most, parameters), parameters);
    }

    private static String next(EventQuery query, UUID after, int most, List<Object> parameters) {
        String where = query.where(parameters) + " AND erased_at IS NULL";
        if (after != null) {
            where += " AND id > ?";
            parameters.add(after);
        }
        parameters.add(most);
        return where + " ORDER BY id LIMIT ?";
    }

    private List<Replayed> putBack(String which, List<Object> parameters, Consumer<List<UUID>> beforeCommit) {
        return transaction.execute(status -> {
            List<Replayed> locked = select(which + " FOR UPDATE", parameters);
            if (!locked.isEmpty()) {
                List<UUID> ids = locked.stream().map(Replayed::id).toList();
                database.sql("""
                                INSERT INTO relay_attempt (event_id, attempt, started_at, finished_at, outcome)
                                SELECT id, attempts, started_at, finished_at, status FROM relay_event
                                WHERE id IN (:ids) AND status = 'done'
                                ON CONFLICT DO NOTHING""").param("ids", ids).update();
                database.sql("""
                                UPDATE relay_event SET status = 'queued', dispatched_at = NULL, finished_at = NULL,
                                    due_at = NULL, retries = 0, unended = 0, replays = replays + 1
                                WHERE id IN (:ids)""").param("ids", ids).update();
                beforeCommit.accept(ids);
            }
            return locked;
        });
    }

    private List<Replayed> select(String which, List<Object> parameters) {
        return database.sql("SELECT id, site, idempotency_key, status FROM relay_event" + which)
                .params(parameters)
                .query((row, number) -> new Replayed(
                        row.getObject("id", UUID.class),
                        row.getString("site"),
                        row.getString("idempotency_key"),
                        row.getString("status")))
                .list();
    }
}

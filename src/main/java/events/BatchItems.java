package events;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The posts or comments of batches and what became of each. That one is done is true whoever says so; that one failed, or
 * waits for another try, is only written by the worker that has the event ({@link AttemptLog}). Each method is one
 * transaction, and throws Spring's {@code DataAccessException} or {@code TransactionException} when the database does
 * not take it.
 */
public final class BatchItems {
    /** The event that is a batch: it has many attempts, each of which does a part of it, and none is short. */
    public static final String EVENT = "batch.requested";

    /** The header with what an answer or a call-back is of, where an event has several: the item's id. */
    public static final String PART = "RelayPart";

    /** The header with the event that the item would be by itself, in whose schema it says what is personal. */
    public static final String STANDS_FOR = "RelayStandsFor";

    /** Of the call-back with the summary. */
    public static final String ACTION = "run_batch";

    private static final String IS_MINE =
            "SELECT id FROM relay_event WHERE id = ? AND attempts = ? AND status = 'processing'";

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final Clock clock;

    /** The exchange property with how many retries the item in hand has used. */
    public static final String RETRIES = "RelayItemRetries";

    /** @param retries how many it has used */
    public record Item(long id, int retries) {}

    /** @param reason why it failed, at most 2000 characters */
    public record Failure(long id, String reason) {}

    /** @param nextDue when the next of those that are left may be begun; null when none is left */
    public record Progress(int done, int failed, int total, Instant nextDue) {
        public boolean isOver() {
            return nextDue == null;
        }
    }

    public BatchItems(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.clock = clock;
    }

    /**
     * Writes down what there is to do, unless it has been. After a replay of the event, what had failed is to be done
     * again, with all its retries; what is done stays so.
     *
     * @param claimed the event as it was claimed for this attempt
     * @param ids without a duplicate
     * @throws PermanentFailure when another worker has the event, or it was erased; nothing is written then
     */
    public void open(Event claimed, List<Long> ids) {
        transaction.executeWithoutResult(status -> {
            if (database.sql(IS_MINE + " FOR UPDATE")
                    .params(claimed.id(), claimed.attempts())
                    .query(UUID.class)
                    .optional()
                    .isEmpty()) {
                throw new PermanentFailure("another worker has taken the batch over, or it was erased");
            }
            database.sql("""
                            INSERT INTO relay_batch_item (event_id, item, place, replays)
                            SELECT CAST(? AS UUID), wanted.item, wanted.place, CAST(? AS INTEGER)
                            FROM UNNEST(CAST(? AS BIGINT ARRAY), CAST(? AS INTEGER ARRAY)) AS wanted (item, place)
                            ON CONFLICT DO NOTHING""")
                    .params(claimed.id(), claimed.replays(), bigints(ids), places(ids.size()))
                    .update();
            database.sql("""
                            UPDATE relay_batch_item SET outcome = NULL, retries = 0, due_at = NULL, replays = ?,
                                error = NULL, ended_at = NULL
                            WHERE event_id = ? AND replays < ? AND (outcome IS NULL OR outcome = 'failed')""")
                    .params(claimed.replays(), claimed.id(), claimed.replays())
                    .update();
        });
    }

    private static SqlArrayValue bigints(List<Long> ids) {
        return new SqlArrayValue("bigint", (Object[]) ids.toArray(Long[]::new));
    }

    private static SqlArrayValue places(int size) {
        return new SqlArrayValue(
                "integer", (Object[]) IntStream.range(0, size).boxed().toArray(Integer[]::new));
    }

    /** Those that are to be done and due, in the order of the event. */
    public List<Item> next(UUID event, int most) {
        return database.sql("""
                        SELECT item, retries FROM relay_batch_item
                        WHERE event_id = ? AND outcome IS NULL AND (due_at IS NULL OR due_at <= ?)
                        ORDER BY place LIMIT ?""")
                .params(event, now(), most)
                .query((row, number) -> new Item(row.getLong("item"), row.getInt("retries")))
                .list();
    }

    /** WordPress has its result. */
    public void done(UUID event, long item) {
        database.sql("""
                        UPDATE relay_batch_item SET outcome = 'done', due_at = NULL, error = NULL, ended_at = ?
                        WHERE event_id = ? AND item = ?""").params(now(), event, item).update();
    }

    /** It is not tried again until the event is replayed. */
    public void fail(Event claimed, long item, String reason) {
        write("outcome = 'failed', due_at = NULL, ended_at = ?", now(), claimed, item, reason);
    }

    /** It is tried again then, which uses up one of its retries. */
    public void retryLater(Event claimed, long item, Instant due, String reason) {
        write("retries = retries + 1, due_at = ?", time(due), claimed, item, reason);
    }

    private void write(String what, OffsetDateTime when, Event claimed, long item, String reason) {
        database.sql("UPDATE relay_batch_item SET " + what
                        + ", error = ? WHERE event_id = ? AND item = ? AND outcome IS NULL AND EXISTS (" + IS_MINE
                        + ")")
                .params(when, AttemptLog.printable(reason), claimed.id(), item, claimed.id(), claimed.attempts())
                .update();
    }

    public Progress progress(UUID event) {
        return database.sql("""
                        SELECT count(CASE WHEN outcome = 'done' THEN 1 END) AS done,
                            count(CASE WHEN outcome = 'failed' THEN 1 END) AS failed, count(*) AS total,
                            min(CASE WHEN outcome IS NULL
                                THEN COALESCE(due_at, CAST(? AS TIMESTAMP(6) WITH TIME ZONE)) END) AS next_due
                        FROM relay_batch_item WHERE event_id = ?""")
                .params(now(), event)
                .query(BatchItems::progress)
                .single();
    }

    private static Progress progress(ResultSet row, int number) throws SQLException {
        OffsetDateTime nextDue = row.getObject("next_due", OffsetDateTime.class);
        return new Progress(
                row.getInt("done"),
                row.getInt("failed"),
                row.getInt("total"),
                nextDue == null ? null : nextDue.toInstant());
    }

    /** The first of those that failed, in the order of the event. */
    public List<Failure> failures(UUID event, int most) {
        return database.sql("""
                        SELECT item, error FROM relay_batch_item WHERE event_id = ? AND outcome = 'failed'
                        ORDER BY place LIMIT ?""")
                .params(event, most)
                .query((row, number) -> new Failure(row.getLong("item"), row.getString("error")))
                .list();
    }

    /** As precise as the columns are. */
    private OffsetDateTime now() {
        return time(clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}

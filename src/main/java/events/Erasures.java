package events;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes out of the event log whatever events hold of a person: payloads, results, errors and the answers of AIs, also
 * where an answer was used again for another event with the same text, as its answer or its result. The row
 * stays, with its key, status and times. An event that was not done comes to its end by it, and a worker that holds it has
 * no say any more, since only an event that is {@code processing} can be ended ({@link AttemptLog#finish}).
 */
public final class Erasures {
    /** The event by which a site asks for one. */
    public static final String EVENT = "erasure.requested";

    static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);
    private static final String REASON = "erased: nothing is left that could be worked on";

    private static final String DETAILS = """
            SELECT id, site, idempotency_key, event, status, result IS NOT NULL AS has_result,
                CASE WHEN error IS NULL THEN 0 ELSE 1 END + (
                    SELECT count(*) FROM relay_attempt WHERE event_id = id AND relay_attempt.error IS NOT NULL) AS errors,
                (SELECT count(*) FROM relay_answer WHERE event_id = id) + (
                    SELECT count(*) FROM relay_answer own JOIN relay_answer other
                        ON other.question = own.question AND other.event_id <> own.event_id
                    WHERE own.event_id = id) AS answers
            FROM relay_event WHERE id IN (:ids) ORDER BY id""";

    /** Out of the outbox too, if it waits there. */
    private static final String ERASE = """
            UPDATE relay_event SET payload = :nothing, result = NULL, due_at = NULL,
                error = CASE WHEN status = 'done' THEN NULL ELSE :reason END,
                status = CASE WHEN status = 'done' THEN 'done' ELSE 'error' END,
                finished_at = COALESCE(finished_at, :now), dispatched_at = COALESCE(dispatched_at, :now),
                erased_at = COALESCE(erased_at, :now)
            WHERE id IN (:ids)""";

    /** Of a part of a batch the batch has the answer, and not as its result. */
    private static final String SHARERS = """
            SELECT DISTINCT other.event_id FROM relay_answer own JOIN relay_answer other ON other.question = own.question
            WHERE own.event_id IN (:ids) AND other.task NOT LIKE '%:%'""";

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final Clock clock;

    /**
     * What is removed of an event, beside its payload.
     *
     * @param status the one it had before
     * @param hasResult whether it had one
     * @param answers how many answers of AIs, those among them that other events have from this one or for the same text
     * @param errors how many attempts whose reason was kept
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Erased(
            UUID id,
            String site,
            String key,
            String event,
            String status,
            boolean hasResult,
            int answers,
            int errors) {}

    /**
     * A part of the event log that was looked through.
     *
     * @param found those that match, the oldest first
     * @param last where to go on after, or null when that was all
     */
    public record Page(List<UUID> found, UUID last) {}

    private record Looked(UUID id, boolean isFound) {}

    public Erasures(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.clock = clock;
    }

    /**
     * Looks through the next events that are not erased, whatever their status.
     *
     * @param site null for those of all sites
     * @param after the last one of the page before, or null
     * @param most how many to read: each with its payload of up to 256 KiB
     */
    public Page find(Predicate<Event> isWanted, String site, UUID after, int most) {
        List<Object> parameters = new ArrayList<>();
        String where = new EventQuery(null, null, site, null, null, null).where(parameters);
        if (after != null) {
            where += " AND id > ?";
            parameters.add(after);
        }
        parameters.add(most);
        List<Looked> looked = database.sql(
                        "SELECT * FROM relay_event" + where + " AND erased_at IS NULL ORDER BY id LIMIT ?")
                .params(parameters)
                .query((row, number) -> {
                    Event event = EventLog.event(row, number);
                    return new Looked(event.id(), isWanted.test(event));
                })
                .list();
        return new Page(
                looked.stream().filter(Looked::isFound).map(Looked::id).toList(),
                looked.size() < most ? null : looked.get(most - 1).id());
    }

    /** What {@link #erase} would remove now. */
    public List<Erased> preview(List<UUID> ids) {
        return ids.isEmpty()
                ? List.of()
                : database.sql(DETAILS)
                        .param("ids", ids)
                        .query((row, number) -> new Erased(
                                row.getObject("id", UUID.class),
                                row.getString("site"),
                                row.getString("idempotency_key"),
                                row.getString("event"),
                                row.getString("status"),
                                row.getBoolean("has_result"),
                                row.getInt("answers"),
                                row.getInt("errors")))
                        .list();
    }

    /**
     * Erases these events, in one transaction. One that was erased before is erased again, which changes nothing but for
     * what came to it since.
     *
     * @param beforeCommit is given their ids
     */
    public List<Erased> erase(List<UUID> ids, Consumer<List<UUID>> beforeCommit) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return transaction.execute(status -> {
            lock(ids);
            List<Erased> erased = preview(ids);
            eraseAnswers(ids);
            database.sql("DELETE FROM relay_batch_item WHERE event_id IN (:ids)")
                    .param("ids", ids)
                    .update();
            database.sql("UPDATE relay_attempt SET error = NULL WHERE event_id IN (:ids)")
                    .param("ids", ids)
                    .update();
            database.sql(ERASE)
                    .param("nothing", NOTHING)
                    .param("reason", REASON)
                    .param("now", OffsetDateTime.now(clock))
                    .param("ids", ids)
                    .update();
            beforeCommit.accept(ids);
            return erased;
        });
    }

    /** With those that have an answer from one of them: whoever reuses one locks both ({@link AnswerLog#reuse}). */
    private void lock(List<UUID> ids) {
        List<UUID> all = Stream.concat(ids.stream(), sharers(ids).stream()).toList();
        database.sql("SELECT id FROM relay_event WHERE id = ANY(?) ORDER BY id FOR UPDATE")
                .param(EventLog.ids(all.stream()))
                .query(UUID.class)
                .list();
    }

    private List<UUID> sharers(List<UUID> ids) {
        return database.sql(SHARERS).param("ids", ids).query(UUID.class).list();
    }

    private void eraseAnswers(List<UUID> ids) {
        // Anew: some may have come while the locks were waited for.
        Object sharers = EventLog.ids(sharers(ids).stream());
        database.sql("UPDATE relay_event SET result = NULL WHERE id = ANY(?) AND status = 'done'")
                .param(sharers)
                .update();
        database.sql("""
                        DELETE FROM relay_answer WHERE question IN (
                            SELECT own.question FROM relay_answer own WHERE own.event_id IN (:ids))""").param("ids", ids).update();
        database.sql("DELETE FROM relay_answer WHERE event_id IN (:ids)")
                .param("ids", ids)
                .update();
    }
}

package events;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How attempts at events ended. Each end is fenced by the number of its attempt, so a worker that comes late changes
 * nothing. Each method is one transaction, which {@link #finish} shares with others that come at the same time
 * (GroupCommit), and throws Spring's {@code DataAccessException} or {@code TransactionException} when the database
 * does not take it.
 */
public final class AttemptLog {
    /** The width of the columns for errors. */
    public static final int LONGEST_ERROR = 2000;

    /** The width of the column for an event's result, in characters. */
    public static final int LONGEST_RESULT = 65_536;

    /** The width of the column for what WordPress answered, in characters. */
    public static final int LONGEST_CALL_BACK = 64;

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}]+");

    /**
     * An array a column; who has claimed an event since has another number of attempts. That it is {@code processing}
     * is said so that PostgreSQL finds it by its id, and not among all that were processing lately.
     */
    private static final String FINISH = """
            UPDATE relay_event SET status = 'done', finished_at = ?, error = NULL, unended = 0, (result, call_back) = (
                SELECT ended.result, ended.call_back
                FROM UNNEST(CAST(? AS UUID ARRAY), CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY))
                    AS ended (id, result, call_back)
                WHERE ended.id = relay_event.id)
            WHERE id = ANY(?) AND status NOT IN ('queued', 'done', 'error') AND attempts = (
                SELECT ended.attempts FROM UNNEST(CAST(? AS UUID ARRAY), CAST(? AS INTEGER ARRAY)) AS ended (id, attempts)
                WHERE ended.id = relay_event.id)""";

    private static final String FINISHED = "id = ANY(?) AND status = 'done' AND finished_at = ?";
    private static final Returning<UUID> FINISHING =
            new Returning<>("id", FINISH, FINISHED, (row, number) -> row.getObject("id", UUID.class));

    private final JdbcClient database;
    private final JdbcTemplate updates;
    private final TransactionTemplate transaction;
    private final GroupCommit<End, Boolean> ends =
            new GroupCommit<>(Comparator.comparing(End::id), finished -> finishAll(finished));
    private final Clock clock;

    /**
     * An attempt that brought its event to its end.
     *
     * @param claimed the event as it was claimed for this attempt
     * @param result JSON of what the automation left, at most {@link #LONGEST_RESULT}
     * @param callBack what WordPress answered, at most {@link #LONGEST_CALL_BACK} characters, or null
     */
    public record End(Event claimed, String result, String callBack) {
        UUID id() {
            return claimed.id();
        }
    }

    public AttemptLog(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.updates = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.clock = clock;
    }

    /**
     * The attempt brought the event to its end.
     *
     * @param claimed the event as it was claimed for this attempt
     * @param result JSON of what the automation left, at most {@link #LONGEST_RESULT}
     * @param callBack what WordPress answered, or null
     * @return false, and nothing written, when another worker has claimed the event since
     * @throws EventLogAway when the claim itself is lost, so that there is nothing to end
     */
    public boolean finish(Event claimed, String result, String callBack) {
        End end = new End(claimed, result, callBack);
        return isMine(claimed, claimed.event().equals(Erasures.EVENT) ? finishErasure(end) : ends.write(end));
    }

    /** What it asked for is done: it holds the hash of the person's address no longer, but its result. */
    private boolean finishErasure(End end) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!finishAll(List.of(end)).get(0)) {
                return false;
            }
            database.sql("UPDATE relay_event SET payload = ?, erased_at = finished_at WHERE id = ?")
                    .params(Erasures.NOTHING, end.id())
                    .update();
            return true;
        }));
    }

    /**
     * As {@link #finish(Event, String, String)}, for several events at once. One that the database does not take
     * keeps no other from being written; what is thrown is of the first of them.
     */
    public List<Boolean> finish(List<End> together) {
        List<Boolean> written = finishTogether(together);
        List<Boolean> mine = new ArrayList<>();
        for (int i = 0; i < together.size(); i++) {
            mine.add(isMine(together.get(i).claimed(), written.get(i)));
        }
        return mine;
    }

    private List<Boolean> finishTogether(List<End> together) {
        try {
            return finishAll(together);
        } catch (DataAccessException e) {
            if (EventLogHealth.isAway(e) && !EventLogHealth.isLocked(e)) {
                throw e;
            }
        }
        List<Boolean> written = new ArrayList<>();
        DataAccessException first = null;
        for (End end : together) {
            try {
                written.add(ends.write(end));
            } catch (DataAccessException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return written;
    }

    /** The row of the event says all that there is to say about its last attempt: see {@link EventLog#attempts}. */
    private List<Boolean> finishAll(List<End> ends) {
        OffsetDateTime now = now();
        SqlArrayValue ids = EventLog.ids(ends.stream().map(End::id));
        SqlArrayValue attempts = new SqlArrayValue("integer", (Object[])
                ends.stream().map(end -> end.claimed().attempts()).toArray(Integer[]::new));
        List<Object> parameters = List.of(
                now, ids, EventLog.text(ends, End::result), EventLog.text(ends, End::callBack), ids, ids, attempts);
        Set<UUID> finished = Set.copyOf(FINISHING.run(updates, parameters, List.of(ids, now)));
        return ends.stream().map(end -> finished.contains(end.id())).toList();
    }

    /** The attempt failed and another follows: the event waits in the broker until then. Else as {@link #finish}. */
    public boolean retryLater(Event claimed, Instant due, String error) {
        return endAttempt(claimed, "retry", error, () -> database.sql("""
                        UPDATE relay_event SET status = 'queued', retries = retries + 1, due_at = ?, error = ?, unended = 0
                        WHERE id = ? AND attempts = ? AND status = 'processing'""")
                .params(time(due), printable(error), claimed.id(), claimed.attempts())
                .update());
    }

    /**
     * The event could not go on and waits in the broker until then; that was no attempt. Else as {@link #finish}.
     *
     * @param unended how many of its claims are not to be forgotten: 0, or those so far
     */
    public boolean holdBack(Event claimed, Instant until, String reason, int unended) {
        int rows = database.sql("""
                        UPDATE relay_event SET status = 'queued', due_at = ?, error = ?, unended = ?
                        WHERE id = ? AND attempts = ? AND status = 'processing'""")
                .params(time(until), printable(reason), unended, claimed.id(), claimed.attempts())
                .update();
        return isMine(claimed, rows == 1);
    }

    /**
     * The attempt got on with the event, and another goes on with the rest. Else as {@link #finish}.
     *
     * @param progress JSON, at most {@link #LONGEST_RESULT}: the event's result until it has one
     * @param waitsFor why it does not go on at once, or null
     */
    public boolean goOn(Event claimed, Instant due, String progress, String waitsFor) {
        int rows = database.sql("""
                        UPDATE relay_event SET status = 'queued', retries = 0, due_at = ?, result = ?, error = ?, unended = 0
                        WHERE id = ? AND attempts = ? AND status = 'processing'""")
                .params(time(due), progress, printable(waitsFor), claimed.id(), claimed.attempts())
                .update();
        return isMine(claimed, rows == 1);
    }

    /** The attempt failed and no other follows until somebody replays the event. Else as {@link #finish}. */
    public boolean giveUp(Event claimed, String error) {
        return endAttempt(claimed, "error", error, () -> database.sql("""
                        UPDATE relay_event SET status = 'error', finished_at = ?, error = ?, unended = 0
                        WHERE id = ? AND attempts = ? AND status = 'processing'""")
                .params(now(), printable(error), claimed.id(), claimed.attempts())
                .update());
    }

    private boolean endAttempt(Event claimed, String outcome, String error, IntSupplier update) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!isMine(claimed, update.getAsInt() == 1)) {
                return false;
            }
            database.sql("""
                            INSERT INTO relay_attempt (event_id, attempt, started_at, finished_at, outcome, error)
                            VALUES (?, ?, ?, ?, ?, ?)""")
                    .params(claimed.id(), claimed.attempts(), claimed.startedAt(), now(), outcome, printable(error))
                    .update();
            return true;
        }));
    }

    /**
     * Whether the attempt was still its worker's to end, which is whether its end was written.
     *
     * @throws EventLogAway when nobody else has claimed the event: a crash of the database took the claim back
     */
    private boolean isMine(Event claimed, boolean isWritten) {
        if (!isWritten && isClaimLost(claimed)) {
            throw EventLogAway.claimLost();
        }
        return isWritten;
    }

    private boolean isClaimLost(Event claimed) {
        return database.sql("SELECT count(*) FROM relay_event WHERE id = ? AND attempts < ?")
                        .params(claimed.id(), claimed.attempts())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /** As precise as the columns are. */
    private OffsetDateTime now() {
        return time(clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** At most {@link #LONGEST_ERROR} characters, and none that a database or a terminal would choke on. */
    static String printable(String error) {
        if (error == null) {
            return null;
        }
        String text = CONTROL.matcher(error).replaceAll(" ");
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
    }
}

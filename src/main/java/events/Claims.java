package events;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What workers do with the events of the {@link EventLog}: take one for an attempt, and say how the attempt ended. Each
 * end is fenced by the number of its attempt, so a worker that comes late changes nothing. Each method is one
 * transaction and throws Spring's {@code DataAccessException} when the database does not take it.
 */
public final class Claims {
    /** The width of the columns for errors. */
    public static final int LONGEST_ERROR = 2000;

    /** The width of the column for an event's result, in characters. */
    public static final int LONGEST_RESULT = 65_536;

    private static final int MOST_REDISPATCHED = 1000;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}]+");

    private final JdbcClient database;
    private final JdbcTemplate batches;
    private final TransactionTemplate transaction;
    private final GroupCommit<Claim, Optional<Event>> claims =
            new GroupCommit<>(Comparator.comparing(Claim::id), wanted -> claimAll(wanted));
    private final GroupCommit<End, Boolean> ends =
            new GroupCommit<>(Comparator.comparing(End::id), done -> finishAll(done));
    private final Clock clock;

    private record Claim(UUID id, Integer replays) {}

    private record End(Event claimed, String result, String callBack) {
        UUID id() {
            return claimed.id();
        }
    }

    public Claims(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.batches = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.clock = clock;
    }

    /**
     * Takes an event for one attempt, a dead one too: the broker may not have its letter. An event that is done is not
     * given out again, which makes a message that came twice harmless; one that another worker holds is taken from it,
     * since that worker may be dead.
     *
     * @param replays as the message has it: after a replay, the messages from before it lead to nothing; null for any
     */
    public Optional<Event> claim(UUID id, Integer replays) {
        return claims.write(new Claim(id, replays));
    }

    private List<Optional<Event>> claimAll(List<Claim> wanted) {
        return transaction.execute(status -> {
            OffsetDateTime now = now();
            Map<Optional<Integer>, List<Claim>> byReplays =
                    wanted.stream().collect(Collectors.groupingBy(claim -> Optional.ofNullable(claim.replays())));
            byReplays.forEach((replays, claims) -> database.sql("""
                            UPDATE relay_event SET status = 'processing', attempts = attempts + 1, unended = unended + 1,
                                started_at = ?, finished_at = NULL, due_at = NULL
                            WHERE id = ANY(?) AND status <> 'done' AND replays = COALESCE(CAST(? AS INTEGER), replays)""")
                    .params(now, ids(claims.stream().map(Claim::id)), replays.orElse(null))
                    .update());
            // The rows that were updated are locked until the end, so nobody else has changed them since.
            Map<UUID, Event> claimed = find(ids(wanted.stream().map(Claim::id)))
                    .filter(event -> event.status().equals("processing") && now.isEqual(event.startedAt()))
                    .collect(Collectors.toMap(Event::id, Function.identity()));
            return wanted.stream()
                    .map(claim -> Optional.ofNullable(claimed.get(claim.id()))
                            .filter(event -> claim.replays() == null || claim.replays() == event.replays()))
                    .toList();
        });
    }

    /**
     * As {@link #claim}, for a message that lay in the dead letters until somebody moved it back into the queue. When the
     * event is still dead, that is its replay: it has all its retries again.
     */
    public Optional<Event> claimDeadLetter(UUID id) {
        return transaction.execute(status -> {
            database.sql("""
                            UPDATE relay_event SET status = 'queued', finished_at = NULL, due_at = NULL,
                                retries = 0, unended = 0, replays = replays + 1
                            WHERE id = ? AND status = 'error'""").param(id).update();
            return claimAll(List.of(new Claim(id, null))).get(0);
        });
    }

    /**
     * The attempt brought the event to its end.
     *
     * @param claimed the event as it was claimed for this attempt
     * @param result JSON of what the automation left, at most {@link #LONGEST_RESULT}
     * @param callBack what WordPress answered, or null
     * @return false, and nothing written, when another worker has claimed the event since
     */
    public boolean finish(Event claimed, String result, String callBack) {
        return ends.write(new End(claimed, result, callBack));
    }

    private List<Boolean> finishAll(List<End> ends) {
        return transaction.execute(status -> {
            OffsetDateTime now = now();
            int[] finished = batches.batchUpdate(
                    """
                            UPDATE relay_event SET status = 'done', finished_at = ?, error = NULL, result = ?, call_back = ?,
                                unended = 0
                            WHERE id = ? AND attempts = ? AND status = 'processing'""",
                    ends.stream()
                            .map(end -> new Object[] {
                                now,
                                end.result(),
                                end.callBack(),
                                end.claimed().id(),
                                end.claimed().attempts()
                            })
                            .toList());
            database.sql("""
                            INSERT INTO relay_attempt (event_id, attempt, started_at, finished_at, outcome)
                            SELECT id, attempts, started_at, finished_at, 'done' FROM relay_event WHERE id = ANY(?)""")
                    .param(ids(IntStream.range(0, finished.length)
                            .filter(i -> finished[i] == 1)
                            .mapToObj(i -> ends.get(i).id())))
                    .update();
            return Arrays.stream(finished).mapToObj(rows -> rows == 1).toList();
        });
    }

    /** The attempt failed and another follows: the event waits in the broker until then. Else as {@link #finish}. */
    public boolean retryLater(Event claimed, Instant due, String error) {
        return endAttempt(claimed, "retry", error, () -> database.sql("""
                        UPDATE relay_event SET status = 'queued', retries = retries + 1, due_at = ?, error = ?, unended = 0
                        WHERE id = ? AND attempts = ? AND status = 'processing'""")
                .params(time(due), printable(error), claimed.id(), claimed.attempts())
                .update());
    }

    /** The event could not go on and waits in the broker until then; that was no attempt. Else as {@link #finish}. */
    public boolean holdBack(Event claimed, Instant until, String reason) {
        return database.sql("""
                                UPDATE relay_event SET status = 'queued', due_at = ?, error = ?, unended = 0
                                WHERE id = ? AND attempts = ? AND status = 'processing'""")
                        .params(time(until), printable(reason), claimed.id(), claimed.attempts())
                        .update()
                == 1;
    }

    /** The attempt failed and no other follows until somebody replays the event. Else as {@link #finish}. */
    public boolean giveUp(Event claimed, String error) {
        return endAttempt(claimed, "error", error, () -> database.sql("""
                        UPDATE relay_event SET status = 'error', finished_at = ?, error = ?, unended = 0
                        WHERE id = ? AND attempts = ? AND status = 'processing'""")
                .params(now(), printable(error), claimed.id(), claimed.attempts())
                .update());
    }

    /**
     * Puts events back into the outbox whose message is not in the queue any more: it has given out everything that was
     * sent to it before that time, and they were not among it.
     *
     * @return how many
     */
    public int redispatchStranded(Instant before) {
        OffsetDateTime limit = time(before);
        return database.sql("""
                        UPDATE relay_event SET status = 'queued', dispatched_at = NULL, due_at = NULL,
                            replays = replays + 1
                        WHERE id IN (
                            SELECT id FROM relay_event
                            WHERE status IN ('queued', 'processing') AND dispatched_at < ?
                                AND (due_at IS NULL OR due_at < ?) AND (started_at IS NULL OR started_at < ?)
                            ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED)""").params(limit, limit, limit, MOST_REDISPATCHED).update();
    }

    private boolean endAttempt(Event claimed, String outcome, String error, IntSupplier update) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (update.getAsInt() == 0) {
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

    private static SqlArrayValue ids(Stream<UUID> ids) {
        return new SqlArrayValue("uuid", (Object[]) ids.toArray(UUID[]::new));
    }

    private Stream<Event> find(SqlArrayValue ids) {
        return database
                .sql("SELECT * FROM relay_event WHERE id = ANY(?)")
                .param(ids)
                .query(EventLog::event)
                .list()
                .stream();
    }

    /** As precise as the columns are. */
    private OffsetDateTime now() {
        return time(clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** At most {@link #LONGEST_ERROR} characters, and none that a database or a terminal would choke on. */
    private static String printable(String error) {
        if (error == null) {
            return null;
        }
        String text = CONTROL.matcher(error).replaceAll(" ");
        return text.length() <= LONGEST_ERROR ? text : text.substring(0, LONGEST_ERROR);
    }
}

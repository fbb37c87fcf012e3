package events;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How workers take the events of the {@link EventLog}, each for one attempt; the {@link AttemptLog} is told how it
 * ended. Each method is one transaction, which {@link #claim} shares with others that come at the same time
 * (GroupCommit), and throws Spring's {@code DataAccessException} or {@code TransactionException} when the database
 * does not take it.
 */
public final class Claims {
    private static final int MOST_REDISPATCHED = 1000;

    /**
     * A broker that fails over takes a message from one session after another, within moments and without any worker's
     * death; a process that died takes longer to come back.
     */
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    /** An array for all that are wanted, and for each as many replays as its message knows of. */
    private static final String CLAIM = """
            UPDATE relay_event SET status = 'processing', attempts = attempts + 1,
                unended = unended + CASE WHEN status = 'processing' AND started_at > ? THEN 0 ELSE 1 END,
                started_at = ?, finished_at = NULL, due_at = NULL
            WHERE id = ANY(?) AND status <> 'done' AND erased_at IS NULL AND replays = COALESCE((
                SELECT wanted.replays FROM UNNEST(CAST(? AS UUID ARRAY), CAST(? AS INTEGER ARRAY)) AS wanted (id, replays)
                WHERE wanted.id = relay_event.id), replays)""";

    private static final String CLAIMED = "id = ANY(?) AND status = 'processing' AND started_at = ?";
    private static final Returning<Event> CLAIMING = new Returning<>("*", CLAIM, CLAIMED, EventLog::event);

    private final JdbcClient database;
    private final JdbcTemplate updates;
    private final ReplayLog replayLog;
    private final TransactionTemplate transaction;
    private final GroupCommit<Claim, Optional<Event>> claims =
            new GroupCommit<>(Comparator.comparing(Claim::id), wanted -> claimAll(wanted, CLAIMING.relaxed()));
    private final Clock clock;

    private record Claim(UUID id, Integer replays) {}

    public Claims(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.updates = new JdbcTemplate(dataSource);
        this.replayLog = new ReplayLog(dataSource, clock);
        this.transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.clock = clock;
    }

    /**
     * Takes an event for one attempt, a dead one too: the broker may not have its letter. An event that is done is not
     * given out again, which makes a message that came twice harmless, nor is one that was erased; one that another
     * worker holds is taken from it, since that worker may be dead.
     *
     * @param replays as the message has it: after a replay, the messages from before it lead to nothing; null for any
     */
    public Optional<Event> claim(UUID id, Integer replays) {
        return claims.write(new Claim(id, replays));
    }

    /** As {@link #claim}, those among several that can be taken; each of the ids once. */
    public List<Event> claim(List<UUID> ids, Integer replays) {
        if (ids.size() == 1) {
            return claim(ids.get(0), replays).stream().toList();
        }
        return claimAll(ids.stream().map(id -> new Claim(id, replays)).toList(), CLAIMING.relaxed()).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private List<Optional<Event>> claimAll(List<Claim> wanted, Returning<Event> update) {
        OffsetDateTime now = now();
        SqlArrayValue ids = EventLog.ids(wanted.stream().map(Claim::id));
        SqlArrayValue replays = new SqlArrayValue(
                "integer", (Object[]) wanted.stream().map(Claim::replays).toArray(Integer[]::new));
        Map<UUID, Event> claimed =
                update.run(updates, List.of(now.minus(A_MOMENT), now, ids, ids, replays), List.of(ids, now)).stream()
                        .collect(Collectors.toMap(Event::id, Function.identity()));
        return wanted.stream()
                .map(claim -> Optional.ofNullable(claimed.get(claim.id())))
                .toList();
    }

    /**
     * As {@link #claim}, for a message that lay in the dead letters until somebody moved it back into the queue. When
     * the event is still dead, that is its replay: it has all its retries again.
     */
    public Optional<Event> claimDeadLetter(UUID id) {
        return transaction.execute(status -> {
            List<UUID> dead = database.sql(
                            "SELECT id FROM relay_event WHERE id = ? AND status = 'error' AND erased_at IS NULL FOR UPDATE")
                    .param(id)
                    .query(UUID.class)
                    .list();
            if (!dead.isEmpty()) {
                replayLog.write(dead, "whoever moved its message out of the dead letters");
                database.sql("""
                                UPDATE relay_event SET status = 'queued', finished_at = NULL, due_at = NULL,
                                    retries = 0, unended = 0, replays = replays + 1
                                WHERE id = ?""").param(id).update();
            }
            return claimAll(List.of(new Claim(id, null)), CLAIMING).get(0);
        });
    }

    /**
     * Puts events back into the outbox whose message is not in the queue any more: it has given out everything that was
     * sent to it before that time, and they were not among it.
     *
     * @return how many
     */
    public int redispatchStranded(Instant before) {
        OffsetDateTime limit = time(before);
        return transaction.execute(status -> {
            List<UUID> stranded = database.sql("""
                            SELECT id FROM relay_event
                            WHERE status IN ('queued', 'processing') AND dispatched_at < ?
                                AND (due_at IS NULL OR due_at < ?) AND (started_at IS NULL OR started_at < ?)
                            ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED""")
                    .params(limit, limit, limit, MOST_REDISPATCHED)
                    .query(UUID.class)
                    .list();
            replayLog.write(stranded, "the relay, since its message was lost");
            return database.sql("""
                            UPDATE relay_event SET status = 'queued', dispatched_at = NULL, due_at = NULL,
                                replays = replays + 1
                            WHERE id = ANY(?)""").param(EventLog.ids(stranded.stream())).update();
        });
    }

    /** As precise as the columns are. */
    private OffsetDateTime now() {
        return time(clock.instant().truncatedTo(ChronoUnit.MICROS));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}

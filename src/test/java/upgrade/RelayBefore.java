package upgrade;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * What a relay of the version before this one says to PostgreSQL, word for word, for events one by one: it may run beside
 * this one for as long as an upgrade takes. To be brought up to date with each version that is released.
 */
final class RelayBefore {
    /** The tables that it made. */
    static final String TABLES = "7";

    private static final String RECORD = """
            INSERT INTO relay_event
                (received_at, id, site, idempotency_key, event, payload, request_id, traceparent)
            SELECT CAST(? AS TIMESTAMP(6) WITH TIME ZONE), added.* FROM UNNEST(
                CAST(? AS UUID ARRAY), CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY),
                CAST(? AS BYTEA ARRAY), CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY)) AS added
            ON CONFLICT DO NOTHING""";

    private static final String OUTBOX = "SELECT id, site, idempotency_key, event, replays FROM relay_event"
            + " WHERE dispatched_at IS NULL ORDER BY dispatched_at, id LIMIT ? FOR UPDATE SKIP LOCKED";

    private static final String DISPATCH = "UPDATE relay_event SET dispatched_at = ? WHERE id = ANY(?)";

    private static final String CLAIM = """
            UPDATE relay_event SET status = 'processing', attempts = attempts + 1,
                unended = unended + CASE WHEN status = 'processing' AND started_at > ? THEN 0 ELSE 1 END,
                started_at = ?, finished_at = NULL, due_at = NULL
            WHERE id = ANY(?) AND status <> 'done' AND erased_at IS NULL AND replays = COALESCE((
                SELECT wanted.replays FROM UNNEST(CAST(? AS UUID ARRAY), CAST(? AS INTEGER ARRAY)) AS wanted (id, replays)
                WHERE wanted.id = relay_event.id), replays) RETURNING *""";

    private static final String FINISH = """
            UPDATE relay_event SET status = 'done', finished_at = ?, error = NULL, unended = 0, (result, call_back) = (
                SELECT ended.result, ended.call_back
                FROM UNNEST(CAST(? AS UUID ARRAY), CAST(? AS VARCHAR ARRAY), CAST(? AS VARCHAR ARRAY))
                    AS ended (id, result, call_back)
                WHERE ended.id = relay_event.id)
            WHERE id = ANY(?) AND status NOT IN ('queued', 'done', 'error') AND attempts = (
                SELECT ended.attempts FROM UNNEST(CAST(? AS UUID ARRAY), CAST(? AS INTEGER ARRAY)) AS ended (id, attempts)
                WHERE ended.id = relay_event.id) RETURNING id""";

    private static final String RETRY_LATER = """
            UPDATE relay_event SET status = 'queued', retries = retries + 1, due_at = ?, error = ?, unended = 0
            WHERE id = ? AND attempts = ? AND status = 'processing'""";

    private static final String GIVE_UP = """
            UPDATE relay_event SET status = 'error', finished_at = ?, error = ?, unended = 0
            WHERE id = ? AND attempts = ? AND status = 'processing'""";

    private static final String KEEP_ATTEMPT = """
            INSERT INTO relay_attempt (event_id, attempt, started_at, finished_at, outcome, error)
            VALUES (?, ?, ?, ?, ?, ?)""";

    private static final String REPLAY = """
            UPDATE relay_event SET status = 'queued', dispatched_at = NULL, finished_at = NULL,
                due_at = NULL, retries = 0, unended = 0, replays = replays + 1
            WHERE id IN (?)""";

    private static final String PAUSE = """
            INSERT INTO relay_pause (site, reason, paused_at, paused_until) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING""";

    private final JdbcTemplate database;

    RelayBefore(DataSource dataSource) {
        database = new JdbcTemplate(dataSource);
    }

    /** @return whether its key is new */
    boolean record(UUID id, String key) {
        return database.update(
                        RECORD,
                        now(),
                        array("uuid", id),
                        array("varchar", "default"),
                        array("varchar", key),
                        array("varchar", "comment.created"),
                        new SqlArrayValue("bytea", (Object[]) new byte[][] {"{}".getBytes(StandardCharsets.UTF_8)}),
                        array("varchar", "request"),
                        new SqlArrayValue("varchar", (Object) null))
                == 1;
    }

    /** @return the ids of what waited in the outbox */
    List<UUID> dispatch() {
        List<UUID> waiting = database.query(OUTBOX, (row, number) -> row.getObject("id", UUID.class), 100);
        database.update(DISPATCH, now(), new SqlArrayValue("uuid", waiting.toArray()));
        return waiting;
    }

    /** @return the number of the attempt, if it may have it */
    OptionalInt claim(UUID id) {
        return database
                .query(
                        CLAIM,
                        (row, number) -> row.getInt("attempts"),
                        now().minusSeconds(1),
                        now(),
                        array("uuid", id),
                        array("uuid", id),
                        new SqlArrayValue("integer", (Object) null))
                .stream()
                .mapToInt(attempt -> attempt)
                .findFirst();
    }

    boolean finish(UUID id, int attempt) {
        return !database.query(
                        FINISH,
                        (row, number) -> row.getObject("id", UUID.class),
                        now(),
                        array("uuid", id),
                        array("varchar", "{\"verdict\":\"hold\"}"),
                        array("varchar", "applied"),
                        array("uuid", id),
                        array("uuid", id),
                        array("integer", attempt))
                .isEmpty();
    }

    boolean retryLater(UUID id, int attempt) {
        return database.update(RETRY_LATER, now(), "WordPress was away", id, attempt) == 1
                && database.update(KEEP_ATTEMPT, id, attempt, now(), now(), "retry", "WordPress was away") == 1;
    }

    boolean giveUp(UUID id, int attempt) {
        return database.update(GIVE_UP, now(), "WordPress answered 404", id, attempt) == 1
                && database.update(KEEP_ATTEMPT, id, attempt, now(), now(), "error", "WordPress answered 404") == 1;
    }

    boolean replay(UUID id) {
        return database.update(REPLAY, id) == 1;
    }

    boolean pause(String site) {
        return database.update(PAUSE, site, "it answered 401", now(), now().plusMinutes(1)) == 1;
    }

    private static SqlArrayValue array(String type, Object one) {
        return new SqlArrayValue(type, one);
    }

    private static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    }
}

package events;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What waits and what is dead, as the event log knows it, for all relays on it together: for who watches, as gauges, in the
 * overview or over JMX.
 */
public final class WaitingEvents {
    private static final String OF_SITES = """
            SELECT site, status, count(*) AS events, count(CASE WHEN due_at > ? THEN 1 END) AS later,
                min(CASE WHEN due_at <= ? THEN due_at END) AS due_since
            FROM relay_event WHERE status IN ('queued', 'processing') GROUP BY site, status""";

    // The order of each index to its letter: with id alone both databases would sort all that waits. Ids are in the
    // order of arrival. An event that was put back is not as old as it looks, and nobody wrote down when that was.
    private static final String OLDEST_DUE = "SELECT received_at FROM relay_event"
            + " WHERE status = 'queued' AND due_at IS NULL AND replays = 0 ORDER BY status, id LIMIT 1";
    private static final String OLDEST_LATER =
            "SELECT received_at FROM relay_event WHERE status = 'queued' AND due_at > ? ORDER BY status, id LIMIT 1";
    private static final String OLDEST_OF_OUTBOX =
            "SELECT received_at FROM relay_event WHERE dispatched_at IS NULL ORDER BY dispatched_at, id LIMIT 1";
    private static final String OLDEST_IN_HAND = "SELECT min(started_at) FROM relay_event WHERE status = 'processing'";

    private static final String OUTBOX = "SELECT count(*) FROM relay_event WHERE dispatched_at IS NULL";
    private static final String DEAD = "SELECT site, count(*) AS events, min(finished_at) AS oldest FROM relay_event"
            + " WHERE status = 'error' AND erased_at IS NULL GROUP BY site";

    private final JdbcClient database;
    private final Clock clock;

    /**
     * Of one site.
     *
     * @param due those that wait for their turn
     * @param later those that wait for a later try
     * @param processing those that are in the hands of a worker
     */
    public record OfSite(long due, long later, long processing, long dead) {
        static final OfSite NONE = new OfSite(0, 0, 0, 0);

        /** All that are not done and not dead. */
        public long unfinished() {
            return due + later + processing;
        }

        OfSite plus(OfSite other) {
            return new OfSite(due + other.due, later + other.later, processing + other.processing, dead + other.dead);
        }
    }

    /**
     * At one moment. Ages are in seconds, 0 where there is none.
     *
     * @param outbox those of {@code due} that are not in the queue yet
     * @param dueSeconds for how long the oldest of them has been due
     * @param laterSeconds how long ago the oldest was received that waits for a later try
     * @param processingSeconds for how long the longest attempt has lasted
     * @param deadSeconds how long ago the first of the dead died
     */
    public record Now(
            Map<String, OfSite> sites,
            long outbox,
            double outboxSeconds,
            double dueSeconds,
            double laterSeconds,
            double processingSeconds,
            double deadSeconds) {
        public OfSite ofSite(String site) {
            return sites.getOrDefault(site, OfSite.NONE);
        }

        public OfSite ofAll() {
            return sites.values().stream().reduce(OfSite.NONE, OfSite::plus);
        }
    }

    /** What is found while the rows are read. */
    private static final class Found {
        final Map<String, OfSite> sites = new HashMap<>();
        OffsetDateTime due;
        OffsetDateTime dead;

        void add(String site, OfSite counted) {
            sites.merge(site, counted, OfSite::plus);
        }
    }

    public WaitingEvents(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    /**
     * Counts, for the most part in indexes: some 100 ms for 100,000 events.
     *
     * @throws DataAccessException when the database cannot be asked
     */
    public Now read() {
        OffsetDateTime now = OffsetDateTime.now(clock);
        Found found = new Found();
        readUnfinished(found, now);
        readDead(found);
        return new Now(
                Map.copyOf(found.sites),
                database.sql(OUTBOX).query(Long.class).single(),
                seconds(oldest(OLDEST_OF_OUTBOX), now),
                Math.max(seconds(found.due, now), seconds(oldest(OLDEST_DUE), now)),
                seconds(oldest(OLDEST_LATER, now), now),
                seconds(oldest(OLDEST_IN_HAND), now),
                seconds(found.dead, now));
    }

    private void readUnfinished(Found found, OffsetDateTime now) {
        database.sql(OF_SITES).params(now, now).query(row -> {
            long events = row.getLong("events");
            long later = row.getLong("later");
            found.add(
                    row.getString("site"),
                    row.getString("status").equals("queued")
                            ? new OfSite(events - later, later, 0, 0)
                            : new OfSite(0, 0, events, 0));
            found.due = earlier(found.due, row.getObject("due_since", OffsetDateTime.class));
        });
    }

    private void readDead(Found found) {
        database.sql(DEAD).query(row -> {
            found.add(row.getString("site"), new OfSite(0, 0, 0, row.getLong("events")));
            found.dead = earlier(found.dead, row.getObject("oldest", OffsetDateTime.class));
        });
    }

    private OffsetDateTime oldest(String sql, Object... parameters) {
        return database
                .sql(sql)
                .params(parameters)
                .query((row, number) -> row.getObject(1, OffsetDateTime.class))
                .list()
                .stream()
                .flatMap(Stream::ofNullable)
                .findFirst()
                .orElse(null);
    }

    private static OffsetDateTime earlier(OffsetDateTime one, OffsetDateTime other) {
        return one == null || other != null && other.isBefore(one) ? other : one;
    }

    private static double seconds(OffsetDateTime since, OffsetDateTime now) {
        return since == null ? 0 : Math.max(0, Duration.between(since, now).toMillis() / 1000.0);
    }
}

package events;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How much waits, as the event log knows it, for all relays on it together. NaN while the database is away. */
public final class Backlog {
    private final JdbcClient database;
    private final Clock clock;

    public Backlog(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    /** Events that are recorded and not yet in the queue. */
    public double outboxDepth() {
        return count("SELECT count(*) FROM relay_event WHERE dispatched_at IS NULL");
    }

    /** How long the oldest of them has been waiting, in seconds. */
    public double outboxOldestSeconds() {
        try {
            OffsetDateTime oldest = database.sql(
                            "SELECT received_at FROM relay_event WHERE dispatched_at IS NULL ORDER BY id LIMIT 1")
                    .query(OffsetDateTime.class)
                    .optional()
                    .orElse(null);
            return oldest == null
                    ? 0
                    : Duration.between(oldest, OffsetDateTime.now(clock)).toMillis() / 1000.0;
        } catch (DataAccessException e) {
            return Double.NaN;
        }
    }

    /** Events in the queue that are being worked on or wait for their turn or for a later try. */
    public double queueDepth() {
        return count("SELECT count(*) FROM relay_event"
                + " WHERE status IN ('queued', 'processing') AND dispatched_at IS NOT NULL");
    }

    public double deadLetters() {
        return count("SELECT count(*) FROM relay_event WHERE status = 'error'");
    }

    private double count(String sql) {
        try {
            return database.sql(sql).query(Long.class).single();
        } catch (DataAccessException e) {
            return Double.NaN;
        }
    }
}

package statistics;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What waits now, of all relays together. Counted in indexes; takes longer the more it is. */
public final class Present {
    private static final String COUNT = "SELECT count(*) FROM relay_event WHERE ";

    private final JdbcClient database;
    private final Clock clock;

    /**
     * Events that wait for the same.
     *
     * @param oldestSeconds since the oldest of them was received; null when there is none
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Waiting(long number, Long oldestSeconds) {}

    /**
     * @param outbox recorded, and not yet in the queue; a part of {@code queued}
     * @param queued for a worker or a later try
     * @param later those of them that wait for a later try
     * @param due those of them that wait for nothing but their turn
     * @param dead that somebody may replay
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record State(
            OffsetDateTime at,
            Waiting outbox,
            Waiting queued,
            Waiting later,
            Waiting due,
            Waiting processing,
            Waiting dead) {}

    Present(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.clock = clock;
    }

    State state() {
        OffsetDateTime now = OffsetDateTime.now(clock);
        return new State(
                now,
                waiting(now, "dispatched_at IS NULL", "dispatched_at, id"),
                waiting(now, "status = 'queued'", "status, id"),
                waiting(now, "status = 'queued' AND due_at > ?", "status, id", now),
                waiting(now, "status = 'queued' AND (due_at IS NULL OR due_at <= ?)", "status, id", now),
                waiting(now, "status = 'processing'", "status, id"),
                waiting(now, "status = 'error' AND erased_at IS NULL", "status, id"));
    }

    /** @param order of an index, to its letter, or all of them would be sorted */
    private Waiting waiting(OffsetDateTime now, String which, String order, Object... parameters) {
        long number = database.sql(COUNT + which)
                .params(List.of(parameters))
                .query(Long.class)
                .single();
        return new Waiting(number, number == 0 ? null : age(now, which, order, parameters));
    }

    private Long age(OffsetDateTime now, String which, String order, Object... parameters) {
        return database.sql("SELECT received_at FROM relay_event WHERE " + which + " ORDER BY " + order + " LIMIT 1")
                .params(List.of(parameters))
                .query(OffsetDateTime.class)
                .optional()
                .map(oldest -> Math.max(0, Duration.between(oldest, now).toSeconds()))
                .orElse(null);
    }
}

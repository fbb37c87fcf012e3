package statistics;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes down once a minute how much waits, and forgets what is past its time. Every relay looks whether the minute has its
 * row, and the first writes it: two that come at the same moment count twice, and keep one row.
 */
public final class BacklogSamples {
    /** Longer than the longest span that is shown. */
    static final Duration KEPT = Duration.ofDays(35);

    private final JdbcClient database;
    private final Present present;
    private final Clock clock;

    public BacklogSamples(DataSource dataSource, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.present = new Present(dataSource, clock);
        this.clock = clock;
    }

    /** @throws org.springframework.dao.DataAccessException when the database does not take it */
    public void take() {
        long minute = TimeUnit.MILLISECONDS.toMinutes(clock.millis());
        if (isTaken(minute)) {
            return;
        }
        Present.State state = present.state();
        long oldest = Math.max(age(state.due()), age(state.processing()));
        int added = database.sql("INSERT INTO relay_backlog (epoch_minute, outbox, waiting, oldest_seconds, dead)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
                .params(
                        minute,
                        state.outbox().number(),
                        state.queued().number() + state.processing().number(),
                        oldest,
                        state.dead().number())
                .update();
        if (added == 1) {
            forget(minute);
        }
    }

    private boolean isTaken(long minute) {
        return database.sql("SELECT count(*) FROM relay_backlog WHERE epoch_minute = ?")
                        .param(minute)
                        .query(Long.class)
                        .single()
                > 0;
    }

    private static long age(Present.Waiting waiting) {
        return waiting.oldestSeconds() == null ? 0 : waiting.oldestSeconds();
    }

    private void forget(long minute) {
        long first = minute - KEPT.toMinutes();
        delete("relay_minute WHERE epoch_minute < ?", first);
        delete("relay_backlog WHERE epoch_minute < ?", first);
        delete(
                "relay_site_hour WHERE epoch_hour < ?",
                first / Duration.ofHours(1).toMinutes());
    }

    private void delete(String which, long before) {
        database.sql("DELETE FROM " + which).param(before).update();
    }
}

package statistics;

import events.WaitingEvents;
import events.WaitingEvents.Now;
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
    private final WaitingEvents waiting;
    private final Clock clock;

    public BacklogSamples(DataSource dataSource, WaitingEvents waiting, Clock clock) {
        this.database = JdbcClient.create(dataSource);
        this.waiting = waiting;
        this.clock = clock;
    }

    /** @throws org.springframework.dao.DataAccessException when the database does not take it */
    public void take() {
        long minute = TimeUnit.MILLISECONDS.toMinutes(clock.millis());
        if (isTaken(minute)) {
            return;
        }
        Now now = waiting.read();
        int added = database.sql("INSERT INTO relay_backlog (epoch_minute, outbox, waiting, oldest_seconds, dead)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
                .params(
                        minute,
                        now.outbox(),
                        now.ofAll().unfinished(),
                        (long) Math.max(now.dueSeconds(), now.processingSeconds()),
                        now.ofAll().dead())
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

package operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariDataSource;
import events.Claims;
import events.EventLog;
import events.EventLogHealth;
import events.ReceivedEvent;
import events.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The pool as production has it, on PostgreSQL. */
class DatabaseTest {
    @TempDir
    Path directory;

    /** Another relay that is frozen, or cut off, in the middle of its work. */
    @Test
    void a_lock_that_nobody_lets_go_is_waited_for_less_than_the_connection_lives() throws Exception {
        try (HikariDataSource another = TestDatabase.POSTGRESQL.create(directory);
                HikariDataSource database =
                        Database.connect(SettingsTest.settings(Map.of("RELAY_DB_URL", another.getJdbcUrl())));
                Connection frozen = another.getConnection();
                Statement statement = frozen.createStatement()) {
            EventLog eventLog = new EventLog(database, Clock.systemUTC());
            ReceivedEvent event = new ReceivedEvent(
                    EventLog.nextId(), "site", "key", "post.published", new byte[] {1}, "request", null);
            eventLog.add(event);
            frozen.setAutoCommit(false);
            statement.execute("SELECT 1 FROM relay_event FOR UPDATE");
            EventLogHealth health = new EventLogHealth(database, Clock.systemUTC());
            assertThrows(
                    DataAccessException.class,
                    () -> health.use(() -> new Claims(database, Clock.systemUTC()).claim(event.id(), null)));
            // One row that cannot be had does not make the event log one that is away.
            assertEquals("nobody asked twice", health.use(() -> "nobody asked twice"));
            health.stop();
        }
    }

    @Test
    void a_transaction_in_which_nothing_happens_is_ended_by_the_server() throws Exception {
        try (HikariDataSource tables = TestDatabase.POSTGRESQL.create(directory);
                HikariDataSource database =
                        Database.connect(SettingsTest.settings(Map.of("RELAY_DB_URL", tables.getJdbcUrl())))) {
            assertEquals(
                    "1min",
                    JdbcClient.create(database)
                            .sql("SHOW idle_in_transaction_session_timeout")
                            .query(String.class)
                            .single());
        }
    }
}

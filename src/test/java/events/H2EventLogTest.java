package events;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLNonTransientConnectionException;
import java.time.Clock;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

/** On an H2 file, opened as in production. */
class H2EventLogTest extends EventLogContract {
    @Override
    TestDatabase database() {
        return TestDatabase.H2;
    }

    /** What it does when its disk is full; a commit at that moment passes without a word. */
    @Test
    void what_a_database_that_closes_itself_did_not_keep_is_not_acknowledged(@TempDir Path directory) throws Exception {
        try (HikariDataSource database = TestDatabase.H2.create(directory)) {
            EventLog eventLog = new EventLog(database, Clock.systemUTC());
            try (Connection connection = database.getConnection()) {
                DurableCommit.check(connection);
                SessionLocal session =
                        (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
                session.getDatabase().getStore().getMvStore().closeImmediately();
                assertThrows(SQLNonTransientConnectionException.class, () -> DurableCommit.check(connection));
            }
            ReceivedEvent event = new ReceivedEvent(
                    EventLog.nextId(), "site", "key", "post.published", new byte[] {1}, "request", null);
            assertThrows(DataAccessException.class, () -> eventLog.add(event));
        }
    }
}

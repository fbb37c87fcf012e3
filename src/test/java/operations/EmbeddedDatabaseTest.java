package operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An H2 that closed itself, with sessions of it still there, as a full disk leaves them. */
class EmbeddedDatabaseTest {
    @TempDir
    Path dataDir;

    private EmbeddedDatabase database;

    @BeforeEach
    void open() {
        database = new EmbeddedDatabase(dataDir);
    }

    private static MVStore store(Connection connection) throws SQLException {
        return ((SessionLocal) connection.unwrap(JdbcConnection.class).getSession())
                .getDatabase()
                .getStore()
                .getMvStore();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM kept")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Test
    void it_is_opened_again_while_sessions_of_the_closed_one_are_left() throws Exception {
        Connection first = database.getConnection();
        Connection second = database.getConnection();
        execute(first, "CREATE TABLE kept (id INT)");
        execute(first, "INSERT INTO kept VALUES (1)");
        store(first).closeImmediately();
        try (Connection next = database.getConnection()) {
            assertEquals(1, count(next));
            assertThrows(SQLException.class, () -> execute(second, "INSERT INTO kept VALUES (2)"));
            closeQuietly(first);
            closeQuietly(second);
            execute(next, "INSERT INTO kept VALUES (3)");
            try (Connection another = database.getConnection()) {
                assertEquals(2, count(another));
            }
        }
        try (Connection later = database.getConnection()) {
            assertEquals(2, count(later));
        }
    }

    /** Without compaction these commits leave some 60 MiB. */
    @Test
    void the_file_grows_with_what_is_in_it_and_not_with_what_is_done_to_it() throws Exception {
        try (Connection connection = database.getConnection()) {
            execute(connection, "SET RETENTION_TIME 0"); // or one would have to wait for 45 s
            execute(connection, "CREATE TABLE kept (id INT PRIMARY KEY, number INT, payload VARCHAR)");
            execute(connection, "CREATE INDEX kept_number ON kept (number)");
            execute(connection, "INSERT INTO kept SELECT \"X\", 0, REPEAT('payload ', 200) FROM SYSTEM_RANGE(0, 499)");
            for (int i = 0; i < 2000; i++) {
                execute(connection, "UPDATE kept SET number = number + 1 WHERE id = " + i * 7 % 500);
            }
            long bytes = Files.size(dataDir.resolve("events.mv.db"));
            assertTrue(bytes < 16 << 20, bytes + " bytes");
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The pool does not care either.
        }
    }

    @Test
    void a_connection_of_a_closed_one_is_not_valid() throws Exception {
        try (Connection other = database.getConnection()) {
            Connection connection = database.getConnection();
            assertTrue(connection.isValid(1));
            store(other).closeImmediately();
            assertFalse(connection.isValid(1));
        } catch (SQLException e) {
            assertEquals("90098", e.getSQLState(), "closing a session of a closed database");
        }
    }

    @Test
    void a_transaction_whose_database_closed_meanwhile_fails() throws Exception {
        Connection connection = database.getConnection();
        execute(connection, "CREATE TABLE kept (id INT)");
        connection.setAutoCommit(false);
        store(connection).closeImmediately();
        assertThrows(SQLException.class, connection::commit);
    }

    /** What several sessions that fail at once leave behind now and then; made here with the methods that do it. */
    @Test
    void a_statement_that_waits_for_a_closed_one_is_let_go() throws Exception {
        Connection connection = database.getConnection();
        MVStore store = store(connection);
        store.closeImmediately();
        Field current = MVStore.class.getDeclaredField("currentTxCounter");
        current.setAccessible(true);
        Object counter = current.get(store);
        Method decrement = counter.getClass().getDeclaredMethod("decrementAndGet");
        decrement.setAccessible(true);
        while ((int) decrement.invoke(counter) >= 0) {
            Thread.onSpinWait();
        }
        CompletableFuture<Void> waits = CompletableFuture.runAsync(store::registerVersionUsage);
        assertThrows(java.util.concurrent.TimeoutException.class, () -> waits.get(200, TimeUnit.MILLISECONDS));
        database.getConnection().close();
        waits.get(10, TimeUnit.SECONDS);
    }

    @Test
    void one_that_another_process_has_is_opened_when_that_lets_it_go() throws Exception {
        EmbeddedDatabase other = new EmbeddedDatabase(dataDir);
        Connection connection = other.getConnection();
        store(connection).closeImmediately();
        Connection reopened = other.getConnection();
        assertThrows(SQLException.class, database::getConnection);
        reopened.close();
        database.getConnection().close();
    }
}

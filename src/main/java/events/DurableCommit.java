package events;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Optional;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Looks again whether a commit of the embedded database is one. An H2 that closes itself, as it does on a full disk, lets
 * a commit that comes at this moment pass as if it had been written (MVStore.store does nothing unless it is open, and
 * says nothing). It does not open again, so one that is open after a commit was open before. Does nothing on another
 * database.
 */
public final class DurableCommit {
    private static final String CONNECTION_FAILURE = "08006";

    private DurableCommit() {}

    /** @throws SQLException when what was committed on this connection may not be on disk */
    public static void check(Connection connection) throws SQLException {
        Optional<MVStore> store = store(connection);
        if (store.isPresent() && store.get().isClosed()) {
            throw new SQLNonTransientConnectionException(
                    "the database closed itself, and what was committed may not be on disk", CONNECTION_FAILURE);
        }
    }

    /**
     * Has what can be read on this connection written, since H2 shows what others commit a moment before it writes it.
     *
     * @throws SQLException when it may not be on disk
     */
    private static void flush(Connection connection) throws SQLException {
        store(connection).ifPresent(MVStore::commit);
        check(connection);
    }

    /**
     * An update in a transaction of its own.
     *
     * @param expected how many rows; when it is fewer, what was there already is durable too
     */
    static int update(JdbcTemplate database, int expected, String sql, Object... parameters) {
        return database.execute((ConnectionCallback<Integer>) connection -> {
            int rows = new JdbcTemplate(new SingleConnectionDataSource(connection, true)).update(sql, parameters);
            if (rows < expected) {
                flush(connection);
            } else {
                check(connection);
            }
            return rows;
        });
    }

    private static Optional<MVStore> store(Connection connection) throws SQLException {
        return connection.isWrapperFor(JdbcConnection.class)
                        && connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session
                ? Optional.of(session.getDatabase().getStore().getMvStore())
                : Optional.empty();
    }
}

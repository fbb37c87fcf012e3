package events;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;

/**
 * Looks again whether a commit of the embedded database is one. An H2 that closes itself, as it does on a full disk, lets
 * a commit that comes at this moment pass as if it had been written (MVStore.store does nothing unless it is open, and
 * says nothing). It does not open again, so one that is open after a commit was open before.
 */
final class EmbeddedCommit {
    private static final String CONNECTION_FAILURE = "08006";

    private EmbeddedCommit() {}

    /** @throws SQLException when what was committed on this connection may not be on disk */
    static void check(Connection connection) throws SQLException {
        if (connection.isWrapperFor(JdbcConnection.class)
                && connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session
                && session.getDatabase().getStore().getMvStore().isClosed()) {
            throw new SQLNonTransientConnectionException(
                    "the database closed itself, and what was committed may not be on disk", CONNECTION_FAILURE);
        }
    }
}

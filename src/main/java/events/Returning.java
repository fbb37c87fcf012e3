package events;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.h2.jdbc.JdbcConnection;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * An {@code UPDATE} that answers the rows as it leaves them, so that nobody has to ask for them: the one thing for which
 * PostgreSQL ({@code RETURNING}) and H2 ({@code FINAL TABLE}) have different words. In the transaction of the calling
 * thread, or in one of its own.
 */
final class Returning {
    /** Of this transaction only. Without a row there is nothing to be on disk, and it is not evaluated. */
    private static final String ASYNCHRONOUS_COMMIT = " AND set_config('synchronous_commit', 'off', TRUE) = 'off'";

    private Returning() {}

    /**
     * @param columns what is wanted of each row
     * @param update ends with its {@code WHERE}
     */
    static <T> List<T> update(
            JdbcTemplate database, String columns, String update, RowMapper<T> row, Object... parameters) {
        return update(database, columns, update, "", row, parameters);
    }

    /**
     * As {@link #update}, for what is simply done again when a crash of the database has taken it back: PostgreSQL answers
     * before it is on disk. What is committed later does not get there before it.
     */
    static <T> List<T> updateRelaxed(
            JdbcTemplate database, String columns, String update, RowMapper<T> row, Object... parameters) {
        return update(database, columns, update, ASYNCHRONOUS_COMMIT, row, parameters);
    }

    private static <T> List<T> update(
            JdbcTemplate database,
            String columns,
            String update,
            String andOnPostgres,
            RowMapper<T> row,
            Object... parameters) {
        return database.execute((ConnectionCallback<List<T>>) connection -> {
            String sql = isH2(connection)
                    ? "SELECT " + columns + " FROM FINAL TABLE (" + update + ")"
                    : update + andOnPostgres + " RETURNING " + columns;
            List<T> rows =
                    new JdbcTemplate(new SingleConnectionDataSource(connection, true)).query(sql, row, parameters);
            DurableCommit.check(connection);
            return rows;
        });
    }

    private static boolean isH2(Connection connection) throws SQLException {
        return connection.isWrapperFor(JdbcConnection.class);
    }
}

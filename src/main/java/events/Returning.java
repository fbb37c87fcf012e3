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
 * An {@code UPDATE} of events that answers the rows as it leaves them. PostgreSQL does it in one go ({@code RETURNING}).
 * H2 is asked for them afterwards, in the same transaction: what it has for that ({@code FINAL TABLE}) is a query to it,
 * and of a query that fails half-way it commits the half.
 *
 * @param columns what is wanted of each row
 * @param update ends with its {@code WHERE}
 * @param andOnPostgres more of that condition, or empty
 * @param found the condition that the rows meet when it has updated them, and no others
 */
record Returning<T>(String columns, String update, String andOnPostgres, String found, RowMapper<T> row) {
    /** Of this transaction only. Without a row there is nothing to be on disk, and it is not evaluated. */
    private static final String ASYNCHRONOUS_COMMIT = " AND set_config('synchronous_commit', 'off', TRUE) = 'off'";

    Returning(String columns, String update, String found, RowMapper<T> row) {
        this(columns, update, "", found, row);
    }

    /**
     * The same for what is simply done again when a crash of the database has taken it back: PostgreSQL answers before it
     * is on disk. What is committed later does not get there before it.
     */
    Returning<T> relaxed() {
        return new Returning<>(columns, update, ASYNCHRONOUS_COMMIT, found, row);
    }

    /**
     * In the transaction of the calling thread, or in one of its own.
     *
     * @param parameters of the update
     * @param foundBy parameters of {@link #found}
     */
    List<T> run(JdbcTemplate database, List<Object> parameters, List<Object> foundBy) {
        return database.execute((ConnectionCallback<List<T>>) connection -> {
            JdbcTemplate same = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
            return connection.isWrapperFor(JdbcConnection.class)
                    ? onH2(connection, same, parameters, foundBy)
                    : same.query(update + andOnPostgres + " RETURNING " + columns, row, parameters.toArray());
        });
    }

    private List<T> onH2(Connection connection, JdbcTemplate same, List<Object> parameters, List<Object> foundBy)
            throws SQLException {
        boolean isAlone = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            same.update(update, parameters.toArray());
            List<T> rows = same.query("SELECT " + columns + " FROM relay_event WHERE " + found, row, foundBy.toArray());
            if (isAlone) {
                connection.commit();
            }
            return rows;
        } catch (RuntimeException | SQLException e) {
            if (isAlone) {
                connection.rollback();
            }
            throw e;
        } finally {
            connection.setAutoCommit(isAlone);
        }
    }
}

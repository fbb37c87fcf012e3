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
 * PostgreSQL ({@code RETURNING}) and H2 ({@code FINAL TABLE}) have different words.
 */
final class Returning {
    private Returning() {}

    /**
     * In the transaction of the calling thread, or in one of its own.
     *
     * @param columns what is wanted of each row
     */
    static <T> List<T> update(
            JdbcTemplate database, String columns, String update, RowMapper<T> row, Object... parameters) {
        return database.execute((ConnectionCallback<List<T>>)
                connection -> new JdbcTemplate(new SingleConnectionDataSource(connection, true))
                        .query(returning(connection, columns, update), row, parameters));
    }

    private static String returning(Connection connection, String columns, String update) throws SQLException {
        return connection.isWrapperFor(JdbcConnection.class)
                ? "SELECT " + columns + " FROM FINAL TABLE (" + update + ")"
                : update + " RETURNING " + columns;
    }
}

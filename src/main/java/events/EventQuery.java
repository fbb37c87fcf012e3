package events;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which events an operator asks for. Every part may be null: then it does not narrow the answer.
 *
 * @param since received at or after
 * @param until received before
 * @param search a part of the key or of the error
 */
public record EventQuery(
        String status, String event, String site, OffsetDateTime since, OffsetDateTime until, String search) {

    /** One line of a list of events: without payload and result. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Row(
            String key,
            String site,
            String event,
            String status,
            int attempts,
            OffsetDateTime receivedAt,
            OffsetDateTime finishedAt,
            String error,
            OffsetDateTime erasedAt) {}

    /** Whether it asks for every event there is. */
    public boolean isEmpty() {
        return Stream.of(status, event, site, since, until, search).allMatch(Objects::isNull);
    }

    /** The same question, of the events with this status. */
    public EventQuery withStatus(String other) {
        return new EventQuery(other, event, site, since, until, search);
    }

    /** The newest first. */
    public List<Row> run(DataSource dataSource, int most) {
        List<Object> parameters = new ArrayList<>();
        String sql = "SELECT idempotency_key, site, event, status, attempts, received_at, finished_at, error, erased_at"
                + " FROM relay_event" + where(parameters) + " ORDER BY id DESC LIMIT ?";
        parameters.add(most);
        return JdbcClient.create(dataSource)
                .sql(sql)
                .params(parameters)
                .query((row, number) -> new Row(
                        row.getString("idempotency_key"),
                        row.getString("site"),
                        row.getString("event"),
                        row.getString("status"),
                        row.getInt("attempts"),
                        row.getObject("received_at", OffsetDateTime.class),
                        row.getObject("finished_at", OffsetDateTime.class),
                        row.getString("error"),
                        row.getObject("erased_at", OffsetDateTime.class)))
                .list();
    }

    /** The WHERE clause, to which more may be added with AND; its parameters are added to the given ones. */
    String where(List<Object> parameters) {
        StringBuilder sql = new StringBuilder(" WHERE 1 = 1");
        narrow(sql, parameters, " AND status = ?", status);
        narrow(sql, parameters, " AND event = ?", event);
        narrow(sql, parameters, " AND site = ?", site);
        narrow(sql, parameters, " AND received_at >= ?", since);
        narrow(sql, parameters, " AND received_at < ?", until);
        if (search != null) {
            String pattern = "%" + search.replaceAll("([\\\\%_])", "\\\\$1") + "%";
            narrow(sql, parameters, " AND (idempotency_key LIKE ? ESCAPE '\\'", pattern);
            narrow(sql, parameters, " OR error LIKE ? ESCAPE '\\')", pattern);
        }
        return sql.toString();
    }

    private static void narrow(StringBuilder sql, List<Object> parameters, String condition, Object value) {
        if (value != null) {
            sql.append(condition);
            parameters.add(value);
        }
    }
}

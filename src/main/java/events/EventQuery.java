package events;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which events an operator asks for. Every part may be null: then it does not narrow the answer. {@link EventPages} reads
 * them.
 *
 * @param since received at or after
 * @param until received before
 * @param search a part of the key, of the error, of the request's or the trace's id, or of the payload; case counts
 */
public record EventQuery(
        String status, String event, String site, OffsetDateTime since, OffsetDateTime until, String search) {
    private static final char LAST_OF_ASCII = '~';

    /** The columns of a {@link Row}: those of a list of events, without payload and result. */
    static final String COLUMNS = "id, idempotency_key, site, event, status, attempts, received_at, finished_at, error,"
            + " erased_at, traceparent";

    /**
     * One line of a list of events.
     *
     * @param traceId of the sender's {@code traceparent}, or null
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Row(
            UUID id,
            String key,
            String site,
            String event,
            String status,
            int attempts,
            OffsetDateTime receivedAt,
            OffsetDateTime finishedAt,
            String error,
            OffsetDateTime erasedAt,
            String traceId) {}

    static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getString("idempotency_key"),
                row.getString("site"),
                row.getString("event"),
                row.getString("status"),
                row.getInt("attempts"),
                row.getObject("received_at", OffsetDateTime.class),
                row.getObject("finished_at", OffsetDateTime.class),
                row.getString("error"),
                row.getObject("erased_at", OffsetDateTime.class),
                TraceParent.traceId(row.getString("traceparent")));
    }

    /** Whether it asks for every event there is. */
    public boolean isEmpty() {
        return Stream.of(status, event, site, since, until, search).allMatch(Objects::isNull);
    }

    /** The same question, of the events with this status. */
    public EventQuery withStatus(String other) {
        return new EventQuery(other, event, site, since, until, search);
    }

    EventQuery withoutSearch() {
        return new EventQuery(status, event, site, since, until, null);
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
            String pattern = pattern(search);
            narrow(sql, parameters, " AND (idempotency_key LIKE ? ESCAPE '\\'", pattern);
            narrow(sql, parameters, " OR error LIKE ? ESCAPE '\\'", pattern);
            narrow(sql, parameters, " OR request_id LIKE ? ESCAPE '\\'", pattern);
            narrow(sql, parameters, " OR traceparent LIKE ? ESCAPE '\\'", pattern);
            for (String written : asWrittenInJson(search)) {
                // Bytes are looked for among bytes, on either database; the escape is a backslash without saying so.
                narrow(
                        sql,
                        parameters,
                        " OR payload LIKE CAST(? AS BYTEA)",
                        pattern(written).getBytes(StandardCharsets.UTF_8));
            }
            sql.append(')');
        }
        return sql.toString();
    }

    private static String pattern(String text) {
        return "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%";
    }

    /** JSON may have a text in several ways: as it is, and as PHP writes it, with escapes for all but ASCII and for "/". */
    private static List<String> asWrittenInJson(String text) {
        StringBuilder plain = new StringBuilder();
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> {
            String written =
                    switch (c) {
                        case '"', '\\' -> "\\" + (char) c;
                        case '\n' -> "\\n";
                        case '\r' -> "\\r";
                        case '\t' -> "\\t";
                        default -> String.valueOf((char) c);
                    };
            plain.append(written);
            escaped.append(c == '/' ? "\\/" : c > LAST_OF_ASCII ? String.format("\\u%04x", c) : written);
        });
        return Stream.of(plain.toString(), escaped.toString(), plain.toString().replace("/", "\\/"))
                .distinct()
                .toList();
    }

    private static void narrow(StringBuilder sql, List<Object> parameters, String condition, Object value) {
        if (value != null) {
            sql.append(condition);
            parameters.add(value);
        }
    }
}

package bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** Puts events into an event log that no relay has received: years of them within minutes. */
final class EventLogFiller {
    private static final String FINISHED = """
            INSERT INTO relay_event (id, site, idempotency_key, event, payload, request_id, status, attempts,
                received_at, dispatched_at, started_at, finished_at, result, call_back)
            SELECT gen_random_uuid(), 'default', 'finished-' || number, 'post.published', ?, 'bench-' || number, 'done', 1,
                now() - interval '2 days', now() - interval '2 days', now() - interval '2 days', now() - interval '2 days',
                '{"summary":"nothing was asked for"}', 'applied'
            FROM generate_series(1, ?) AS number""";
    private static final String WAITING = """
            INSERT INTO relay_event (id, site, idempotency_key, event, payload, request_id, received_at)
            SELECT gen_random_uuid(), 'default', 'waiting-' || number, 'post.published', ?, 'bench-' || number, now()
            FROM generate_series(1, ?) AS number""";

    private final String url;
    private final byte[] payload;

    EventLogFiller(String url, int bytes) {
        this.url = url;
        this.payload = new Payloads(bytes).next().body();
    }

    void addFinished(int number) throws SQLException {
        add(FINISHED, number);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // As autovacuum will have done by the time that so many are there.
            statement.execute("VACUUM ANALYZE relay_event");
        }
    }

    void addWaiting(int number) throws SQLException {
        add(WAITING, number);
    }

    private void add(String sql, int number) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setBytes(1, payload);
            insert.setInt(2, number);
            insert.executeUpdate();
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, "postgres", "");
    }
}

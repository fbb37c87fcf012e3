package events;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Events of which a test says how far they are, in a database of its own. */
abstract class EventLogFixture {
    @TempDir
    Path directory;

    HikariDataSource dataSource;
    AttemptLog attempts;
    private EventLog eventLog;
    private Claims claims;

    void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        eventLog = new EventLog(dataSource, Clock.systemUTC());
        claims = new Claims(dataSource, Clock.systemUTC());
        attempts = new AttemptLog(dataSource, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    final UUID add(String site) {
        UUID id = EventLog.nextId();
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
        assertTrue(
                eventLog.add(new ReceivedEvent(id, site, id.toString(), "post.published", payload, "request", null)));
        return id;
    }

    final Event claim(UUID id) {
        return claims.claim(id, null).orElseThrow();
    }

    final void set(UUID id, String column, OffsetDateTime time) {
        JdbcClient.create(dataSource)
                .sql("UPDATE relay_event SET " + column + " = ? WHERE id = ?")
                .params(time, id)
                .update();
    }
}

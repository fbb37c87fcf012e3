package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the backlog counts, on each database. */
class BacklogTest {
    @TempDir
    Path directory;

    private HikariDataSource dataSource;
    private EventLog eventLog;
    private Claims claims;
    private AttemptLog attempts;
    private Backlog backlog;

    private void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        eventLog = new EventLog(dataSource, Clock.systemUTC());
        claims = new Claims(dataSource, Clock.systemUTC());
        attempts = new AttemptLog(dataSource, Clock.systemUTC());
        backlog = new Backlog(dataSource, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private UUID add(String site) {
        UUID id = EventLog.nextId();
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
        assertTrue(
                eventLog.add(new ReceivedEvent(id, site, id.toString(), "post.published", payload, "request", null)));
        return id;
    }

    private Event claim(UUID id) {
        return claims.claim(id, null).orElseThrow();
    }

    private void set(UUID id, String column, OffsetDateTime time) {
        JdbcClient.create(dataSource)
                .sql("UPDATE relay_event SET " + column + " = ? WHERE id = ?")
                .params(time, id)
                .update();
    }

    @ParameterizedTest
    @EnumSource
    void each_site_has_its_unfinished_events_counted_and_those_that_do_not_wait_for_a_later_try(TestDatabase database)
            throws Exception {
        open(database);
        attempts.finish(claim(add("finished")), "{}", null);
        attempts.giveUp(claim(add("finished")), "reason");
        add("busy");
        claim(add("busy"));
        add("down");
        set(add("down"), "due_at", OffsetDateTime.now().plusHours(1));
        set(add("down"), "due_at", OffsetDateTime.now().minusSeconds(1));
        Set<Backlog.OfSite> expected = Set.of(new Backlog.OfSite("busy", 2, 2), new Backlog.OfSite("down", 3, 2));
        assertEquals(expected, new HashSet<>(backlog.bySite()));
    }

    @ParameterizedTest
    @EnumSource
    void while_the_database_is_away_it_says_so(TestDatabase database) throws Exception {
        open(database);
        dataSource.close();
        assertThrows(DataAccessException.class, backlog::bySite);
    }
}

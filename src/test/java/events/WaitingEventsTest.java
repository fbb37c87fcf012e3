package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.WaitingEvents.Now;
import events.WaitingEvents.OfSite;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What waits and for how long, on each database. */
class WaitingEventsTest {
    /** In seconds: how long a test may take. */
    private static final double SOON = 20;

    @TempDir
    Path directory;

    private HikariDataSource dataSource;
    private EventLog eventLog;
    private Claims claims;
    private AttemptLog attempts;
    private WaitingEvents waiting;

    private void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        eventLog = new EventLog(dataSource, Clock.systemUTC());
        claims = new Claims(dataSource, Clock.systemUTC());
        attempts = new AttemptLog(dataSource, Clock.systemUTC());
        waiting = new WaitingEvents(dataSource, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private UUID add(String site, Duration ago) {
        UUID id = EventLog.nextId();
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
        assertTrue(
                eventLog.add(new ReceivedEvent(id, site, id.toString(), "post.published", payload, "request", null)));
        set(id, "received_at", ago);
        return id;
    }

    private UUID add(String site) {
        return add(site, Duration.ZERO);
    }

    private Event claim(UUID id) {
        return claims.claim(id, null).orElseThrow();
    }

    private void set(UUID id, String column, Duration ago) {
        JdbcClient.create(dataSource)
                .sql("UPDATE relay_event SET " + column + " = ? WHERE id = ?")
                .params(OffsetDateTime.now().minus(ago), id)
                .update();
    }

    @ParameterizedTest
    @EnumSource
    void where_nothing_waits_there_is_nothing_to_see(TestDatabase database) throws Exception {
        open(database);
        attempts.finish(claim(add("site", Duration.ofHours(1))), "{}", null);
        Now now = waiting.read();
        assertEquals(OfSite.NONE, now.ofAll());
        assertEquals(0, now.dueSeconds() + now.laterSeconds() + now.processingSeconds() + now.deadSeconds());
    }

    @ParameterizedTest
    @EnumSource
    void the_outbox_is_told_from_the_queue_and_from_the_dead(TestDatabase database) throws Exception {
        open(database);
        add("site", Duration.ofMinutes(2));
        add("site");
        for (UUID id : List.of(add("site"), add("other"), add("site"))) {
            set(id, "dispatched_at", Duration.ZERO);
        }
        for (int hours = 1; hours <= 2; hours++) {
            UUID dead = add("other");
            set(dead, "dispatched_at", Duration.ZERO);
            attempts.giveUp(claim(dead), "reason");
            set(dead, "finished_at", Duration.ofHours(hours));
        }
        Now now = waiting.read();
        assertEquals(2, now.outbox());
        assertEquals(120, now.outboxSeconds(), SOON);
        assertEquals(new OfSite(4, 0, 0, 0), now.ofSite("site"));
        assertEquals(new OfSite(1, 0, 0, 2), now.ofSite("other"));
        assertEquals(7200, now.deadSeconds(), SOON);
    }

    @ParameterizedTest
    @EnumSource
    void who_waits_for_a_later_try_is_not_due_until_then(TestDatabase database) throws Exception {
        open(database);
        UUID later = add("site", Duration.ofHours(3));
        attempts.retryLater(claim(later), OffsetDateTime.now().plusHours(1).toInstant(), "reason");
        add("site", Duration.ofSeconds(100));
        UUID busy = add("site", Duration.ofHours(2));
        claim(busy);
        set(busy, "started_at", Duration.ofSeconds(50));
        Now now = waiting.read();
        assertEquals(new OfSite(1, 1, 1, 0), now.ofAll());
        assertEquals(100, now.dueSeconds(), SOON);
        assertEquals(3 * 3600, now.laterSeconds(), SOON);
        assertEquals(50, now.processingSeconds(), SOON);
        set(later, "due_at", Duration.ofSeconds(1000));
        now = waiting.read();
        assertEquals(new OfSite(2, 0, 1, 0), now.ofAll());
        assertEquals(1000, now.dueSeconds(), SOON, "since its later try was due, and not since it came");
    }

    @ParameterizedTest
    @EnumSource
    void an_old_event_that_was_put_back_is_not_taken_for_one_that_waits_so_long(TestDatabase database)
            throws Exception {
        open(database);
        UUID old = add("site", Duration.ofDays(2));
        attempts.giveUp(claim(old), "reason");
        assertTrue(new Replays(dataSource, Clock.systemUTC()).replay(old, false, "a test", ids -> {}));
        add("site", Duration.ofSeconds(100));
        assertEquals(100, waiting.read().dueSeconds(), SOON);
    }

    @ParameterizedTest
    @EnumSource
    void while_the_database_is_away_it_says_so(TestDatabase database) throws Exception {
        open(database);
        dataSource.close();
        assertThrows(DataAccessException.class, waiting::read);
    }
}

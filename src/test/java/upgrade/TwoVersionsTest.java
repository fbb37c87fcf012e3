package upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.AttemptLog;
import events.Claims;
import events.Event;
import events.EventLog;
import events.Replays;
import events.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import operations.Database;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wordpress.SitePauses;

/** One relay after the other is upgraded: until the last one is, the version before this one works on this one's tables. */
class TwoVersionsTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path directory;

    private HikariDataSource database;
    private OldTables tables;
    private RelayBefore before;
    private Claims claims;
    private AttemptLog attempts;
    private UUID id;

    @BeforeEach
    void the_relay_of_before_takes_an_event() throws Exception {
        database = TestDatabase.POSTGRESQL.open(directory);
        tables = OldTables.of(database, RelayBefore.TABLES);
        before = new RelayBefore(database);
        claims = new Claims(database, CLOCK);
        attempts = new AttemptLog(database, CLOCK);
        id = EventLog.nextId();
        assertTrue(before.record(id, "a-key"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Event event() {
        return new EventLog(database, CLOCK).find(id).orElseThrow();
    }

    @Test
    void what_it_has_in_hand_during_the_migration_is_finished_by_it_and_by_no_other() {
        assertEquals(List.of(id), before.dispatch());
        int attempt = before.claim(id).orElseThrow();
        tables.migrate();
        assertTrue(before.finish(id, attempt));
        assertTrue(claims.claim(id, null).isEmpty());
        assertEquals("applied", event().callBack());
    }

    @Test
    void it_goes_on_taking_and_doing_events_after_the_migration() {
        tables.migrate();
        UUID later = EventLog.nextId();
        assertTrue(before.record(later, "another-key"));
        assertFalse(before.record(EventLog.nextId(), "a-key"), "its key is known");
        assertEquals(List.of(id, later), before.dispatch());
        for (UUID each : List.of(id, later)) {
            int attempt = before.claim(each).orElseThrow();
            assertTrue(before.retryLater(each, attempt));
            assertTrue(before.finish(each, before.claim(each).orElseThrow()));
        }
        assertEquals("done", event().status());
        assertEquals(2, new EventLog(database, CLOCK).attempts(id).size());
    }

    @Test
    void whichever_of_the_two_claimed_an_event_last_has_the_say() {
        int its = before.claim(id).orElseThrow();
        tables.migrate();
        Event ours = claims.claim(id, null).orElseThrow();
        assertFalse(before.finish(id, its));
        int itsNext = before.claim(id).orElseThrow();
        assertFalse(attempts.finish(ours, "{}", "applied"));
        assertTrue(before.finish(id, itsNext));
    }

    @Test
    void what_one_gave_up_the_other_replays() {
        tables.migrate();
        assertTrue(before.giveUp(id, before.claim(id).orElseThrow()));
        assertTrue(new Replays(database, CLOCK).replay(id, false, "a test", ids -> {}));
        assertTrue(attempts.giveUp(claims.claim(id, null).orElseThrow(), "WordPress answered 404"));
        assertTrue(before.replay(id));
        assertEquals(List.of(id), before.dispatch());
        assertTrue(before.finish(id, before.claim(id).orElseThrow()));
    }

    @Test
    void a_retry_that_one_put_off_is_done_by_the_other() {
        tables.migrate();
        assertTrue(attempts.retryLater(claims.claim(id, null).orElseThrow(), Instant.now(), "WordPress was away"));
        assertTrue(before.finish(id, before.claim(id).orElseThrow()));
        assertEquals(2, event().attempts());
    }

    @Test
    void a_site_that_it_paused_is_paused_for_all() {
        tables.migrate();
        assertTrue(before.pause("default"));
        SitePauses pauses = new SitePauses(database, CLOCK);
        assertTrue(pauses.isPaused("default"));
        assertFalse(pauses.isPausedByHand("default"));
    }

    @Test
    void a_migration_that_waits_for_a_backup_gives_way_to_it_and_is_done_at_the_next_try() throws Exception {
        Flyway migration =
                Flyway.configure().dataSource(Database.forMigration(database)).load();
        try (Connection backup = database.getConnection();
                Statement statement = backup.createStatement()) {
            backup.setAutoCommit(false);
            // As pg_dump does until it has read all.
            statement.execute("LOCK TABLE relay_event IN ACCESS SHARE MODE");
            FlywayException refused = assertThrows(FlywayException.class, migration::migrate);
            assertTrue(refused.getMessage().contains("lock timeout"), refused::getMessage);
            assertTrue(before.record(EventLog.nextId(), "another-key"));
            backup.rollback();
        }
        migration.migrate();
        assertTrue(before.finish(id, before.claim(id).orElseThrow()));
    }
}

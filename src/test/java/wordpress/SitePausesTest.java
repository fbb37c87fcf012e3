package wordpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.EventLog;
import events.EventTrail;
import events.HeldBack;
import events.MovableClock;
import events.ReceivedEvent;
import events.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import statistics.MinuteCounts;
import statistics.Overview;
import statistics.SiteStates;
import statistics.TestOverview;

/** A site that refuses our credentials, or that an operator pauses, seen by two relays, on each database. */
class SitePausesTest {
    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock();
    private HikariDataSource dataSource;
    private SitePauses one;
    private SitePauses other;
    private ManualPauses operator;

    private void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        one = new SitePauses(dataSource, clock);
        other = new SitePauses(dataSource, clock);
        operator = new ManualPauses(dataSource, one, clock);
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private void advance(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @EnumSource
    void one_refusal_holds_back_the_events_of_that_site_in_every_relay(TestDatabase database) throws Exception {
        open(database);
        assertFalse(one.check("site"));
        one.pause("site", "it answered 401");
        advance(1);
        HeldBack held = assertThrows(HeldBack.class, () -> other.check("site"));
        assertTrue(held.getMessage().contains("it answered 401"), held.getMessage());
        assertTrue(held.until().isAfter(clock.instant()));
        assertThrows(HeldBack.class, () -> one.check("site"));
        assertFalse(one.check("another site"));
        assertTrue(one.isPaused("site"));
        assertFalse(one.isPaused("another site"));
    }

    @ParameterizedTest
    @EnumSource
    void only_the_first_refusal_costs_an_event(TestDatabase database) throws Exception {
        open(database);
        one.pause("site", "it answered 401");
        assertThrows(HeldBack.class, () -> one.pause("site", "it answered 401"));
        assertThrows(HeldBack.class, () -> other.pause("site", "it answered 401"));
    }

    @ParameterizedTest
    @EnumSource
    void now_and_then_one_tries_again_and_the_others_wait_for_it(TestDatabase database) throws Exception {
        open(database);
        one.pause("site", "it answered 401");
        advance(6);
        assertTrue(other.check("site"));
        assertThrows(HeldBack.class, () -> one.check("site"));
        advance(4);
        assertThrows(HeldBack.class, () -> one.check("site"), "five seconds after the last try");
        advance(2);
        assertTrue(one.check("site"));
        advance(3600);
        assertTrue(one.check("site"));
        advance(299);
        assertThrows(HeldBack.class, () -> one.check("site"), "the longer it lasts, the rarer");
        advance(2);
        assertTrue(one.check("site"));
    }

    @ParameterizedTest
    @EnumSource
    void while_nothing_can_be_read_it_is_tried_once_a_second(TestDatabase database) throws Exception {
        open(database);
        one.pause("site", "it answered 401");
        JdbcClient admin = JdbcClient.create(dataSource);
        admin.sql("ALTER TABLE relay_pause RENAME TO hidden").update();
        advance(2);
        assertThrows(DataAccessException.class, () -> one.isPaused("site"));
        admin.sql("ALTER TABLE hidden RENAME TO relay_pause").update();
        assertThrows(DataAccessException.class, () -> one.isPaused("site"), "it has just been tried");
        advance(2);
        assertTrue(one.isPaused("site"));
    }

    @ParameterizedTest
    @EnumSource
    void whoever_gets_through_lifts_it_for_all(TestDatabase database) throws Exception {
        open(database);
        one.pause("site", "it answered 401");
        one.pause("another site", "it answered 401");
        advance(6);
        assertTrue(other.check("site"));
        other.lift("site");
        advance(1);
        assertFalse(one.check("site"));
        assertFalse(one.isPaused("site"));
        assertTrue(one.isPaused("another site"));
        one.pause("site", "it answered 401");
        assertEquals(true, one.isPaused("site"));
    }

    @ParameterizedTest
    @EnumSource
    void an_operator_s_pause_lasts_until_its_end_whatever_the_site_answers(TestDatabase database) throws Exception {
        open(database);
        operator.pause("site", clock.instant().plusSeconds(600).atOffset(ZoneOffset.UTC), "it is moved");
        advance(2);
        HeldBack held = assertThrows(HeldBack.class, () -> other.check("site"));
        assertTrue(held.getMessage().contains("it is moved"), held.getMessage());
        one.lift("site");
        advance(500);
        assertThrows(HeldBack.class, () -> other.check("site"), "nobody tries before its end, and nobody lifts it");
        advance(100);
        assertFalse(other.check("site"));
        assertFalse(one.isPaused("site"));
        one.pause("site", "it answered 401");
        assertEquals("it answered 401", one.list().get(0).reason());
    }

    @ParameterizedTest
    @EnumSource
    void an_operator_s_pause_without_an_end_lasts_until_it_is_resumed(TestDatabase database) throws Exception {
        open(database);
        one.pause("site", "it answered 401");
        operator.pause("site", null, "it is moved");
        advance(1_000_000);
        HeldBack held = assertThrows(HeldBack.class, () -> other.check("site"));
        assertTrue(held.until().isBefore(clock.instant().plusSeconds(700)), "it looks again: " + held.until());
        assertEquals("it is moved", other.list().get(0).reason());
        assertTrue(operator.resume("site"));
        assertFalse(operator.resume("site"));
        advance(2);
        assertFalse(other.check("site"));
    }

    @ParameterizedTest
    @EnumSource
    void an_operator_s_pause_that_is_over_is_shown_nowhere(TestDatabase database) throws Exception {
        open(database);
        EventLog eventLog = new EventLog(dataSource, clock);
        UUID event = EventLog.nextId();
        eventLog.add(new ReceivedEvent(event, "site", "key", "post.published", new byte[] {'{', '}'}, "r", null));
        EventTrail trail = new EventTrail(dataSource, clock);
        Overview overview = TestOverview.of(new MinuteCounts(clock), dataSource, Duration.ZERO, site -> false, clock);
        operator.pause("site", clock.instant().plusSeconds(600).atOffset(ZoneOffset.UTC), "it is moved");
        assertEquals("it is moved", trail.place(event).pause().reason());
        assertEquals("it is moved", state(overview).pausedReason());
        assertTrue(one.isPausedByHand("site"));
        advance(601);
        assertNull(trail.place(event).pause());
        assertNull(state(overview).pausedSince());
        assertFalse(one.isPausedByHand("site"));
        assertFalse(operator.resume("site"), "it was over");
        assertEquals(
                0,
                JdbcClient.create(dataSource)
                        .sql("SELECT * FROM relay_pause")
                        .query()
                        .listOfRows()
                        .size());
    }

    private SiteStates.SiteState state(Overview overview) {
        Instant now = clock.instant();
        return overview.report(now.minusSeconds(60), now).sites().get(0);
    }

    @ParameterizedTest
    @EnumSource
    void an_older_relay_finds_a_time_that_is_near(TestDatabase database) throws Exception {
        open(database);
        operator.pause("site", null, "it is moved");
        OffsetDateTime until = JdbcClient.create(dataSource)
                .sql("SELECT paused_until FROM relay_pause")
                .query(OffsetDateTime.class)
                .single();
        assertTrue(until.toInstant().isBefore(clock.instant().plusSeconds(301)), until.toString());
        assertNull(one.list().get(0).pausedUntil());
    }
}

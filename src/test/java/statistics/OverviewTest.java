package statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.EventLog;
import events.MovableClock;
import events.ReceivedEvent;
import events.TestDatabase;
import events.WaitingEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import statistics.Overview.Point;
import statistics.Overview.Report;
import wordpress.ManualPauses;
import wordpress.SitePauses;

/** What is counted and what is made of it, on each database. */
class OverviewTest {
    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock();
    private HikariDataSource dataSource;
    private WaitingEvents waiting;
    private MinuteCounts counts;
    private Overview overview;

    private void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        waiting = new WaitingEvents(dataSource, clock);
        counts = new MinuteCounts(clock);
        overview = overview(Duration.ofMinutes(15));
    }

    private Overview overview(Duration silence) {
        return TestOverview.of(counts, dataSource, silence, site -> !site.equals("no-address"), clock);
    }

    @AfterEach
    void close() {
        if (dataSource != null) {
            dataSource.close();
        }
    }

    private Report lastHour() {
        return overview.report(clock.instant().minus(Duration.ofHours(1)), clock.instant());
    }

    private static Point at(Report report, String time) {
        return report.points().stream()
                .filter(point -> point.at().toInstant().equals(Instant.parse(time)))
                .findAny()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void what_several_relays_count_in_a_minute_is_added_up_and_nothing_twice(TestDatabase database) throws Exception {
        open(database);
        MinuteCounts one = new MinuteCounts(clock);
        MinuteCounts other = new MinuteCounts(clock);
        CountWriter ones = new CountWriter(one, dataSource);
        CountWriter others = new CountWriter(other, dataSource);
        one.count("blog", EventCounts.ACCEPTED);
        one.count(Histogram.DONE, 80);
        ones.write();
        ones.write();
        one.count("blog", EventCounts.ACCEPTED);
        other.count("shop", EventCounts.ACCEPTED);
        other.count(null, EventCounts.REJECTED);
        clock.advance(Duration.ofMinutes(1));
        one.count("blog", EventCounts.FAILED);
        ones.write();
        others.write();
        clock.advance(Duration.ofMinutes(10));
        ones.write();
        one.count("blog", EventCounts.ACCEPTED);
        ones.write();
        clock.advance(Duration.ofSeconds(1));
        Report report = lastHour();
        assertEquals(3, at(report, "2026-01-31T09:30:00Z").accepted());
        assertEquals(1, at(report, "2026-01-31T09:30:00Z").rejected());
        assertEquals(0, at(report, "2026-01-31T09:30:00Z").failed());
        assertEquals(1, at(report, "2026-01-31T09:31:00Z").failed());
        assertEquals(4, report.total().accepted());
        assertTrue(report.total().doneP50Ms() > 50 && report.total().doneP50Ms() <= 100, report::toString);
        assertNull(report.total().intakeP50Ms());
        assertEquals(60, report.stepSeconds());
        assertEquals(
                List.of("blog 3 1", "shop 1 0"),
                report.sites().stream()
                        .map(site -> site.site() + " " + site.accepted() + " " + site.failed())
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void what_has_just_been_counted_is_in_it(TestDatabase database) throws Exception {
        open(database);
        counts.count("blog", EventCounts.ACCEPTED);
        clock.advance(Duration.ofSeconds(1));
        assertEquals(1, lastHour().total().accepted());
        assertEquals(1, lastHour().sites().get(0).accepted());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void what_the_database_does_not_take_is_written_the_next_time(TestDatabase database) throws Exception {
        open(database);
        counts.count("blog", EventCounts.DONE);
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        jdbc.execute("ALTER TABLE relay_minute RENAME TO relay_gone");
        new CountWriter(counts, dataSource).writeIfPossible();
        jdbc.execute("ALTER TABLE relay_gone RENAME TO relay_minute");
        clock.advance(Duration.ofSeconds(1));
        assertEquals(1, lastHour().total().done());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void what_waits_is_sampled_once_a_minute_and_the_most_is_shown(TestDatabase database) throws Exception {
        open(database);
        clock.advance(Duration.between(clock.instant(), Instant.now()));
        EventLog eventLog = new EventLog(dataSource, clock);
        for (String key : List.of("1", "2")) {
            eventLog.add(new ReceivedEvent(
                    EventLog.nextId(), "blog", key, "post.published", new byte[] {'{', '}'}, "request", null));
        }
        clock.advance(Duration.ofMinutes(2).plusMillis(1));
        BacklogSamples samples = new BacklogSamples(dataSource, waiting, clock);
        samples.take();
        new JdbcTemplate(dataSource)
                .update(
                        "UPDATE relay_event SET status = 'error', finished_at = ? WHERE idempotency_key = '1'",
                        clock.instant().minus(Duration.ofMinutes(3)).atOffset(ZoneOffset.UTC));
        samples.take();
        clock.advance(Duration.ofMinutes(1));
        samples.take();
        Report report = lastHour();
        assertEquals(2, report.total().waiting());
        assertEquals(2, report.total().outbox());
        assertEquals(1, report.total().dead());
        assertTrue(report.total().oldestSeconds() >= 120, report::toString);
        assertEquals(
                2,
                report.points().stream()
                        .filter(point -> point.waiting() != null)
                        .count());
        assertEquals(1, report.now().due().number());
        assertEquals(0, report.now().later().number());
        assertEquals(1, report.now().dead().number());
        assertTrue(report.now().dead().oldestSeconds() >= 180, report::toString);
        assertEquals(1, report.sites().get(0).dead());
        assertEquals(1, report.sites().get(0).waiting());
        clock.advance(BacklogSamples.KEPT.plusHours(1));
        samples.take();
        assertEquals(
                1, new JdbcTemplate(dataSource).queryForObject("SELECT count(*) FROM relay_backlog", Integer.class));
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void a_site_that_is_silent_misses_events_or_is_paused_comes_first(TestDatabase database) throws Exception {
        open(database);
        JdbcTemplate jdbc = new JdbcTemplate(dataSource);
        String heard = "INSERT INTO relay_site_contact (site, heard_at, ask_after, missing) VALUES (?, ?, ?, ?)";
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.update(heard, "a-well", now, now, 0);
        jdbc.update(heard, "silent", now.minusHours(3), now, 0);
        jdbc.update(heard, "no-address", now.minusHours(3), now, 0);
        jdbc.update(heard, "no-plugin", now.minusHours(3), now, 0);
        for (String plugin : List.of("a-well", "silent", "no-address")) {
            jdbc.update(
                    "INSERT INTO relay_site_sequence (site, first_number, last_number, since) VALUES (?, 1, 1, ?)",
                    plugin,
                    now);
        }
        jdbc.update(heard, "z-missing", now, now, 7);
        jdbc.update(
                "INSERT INTO relay_pause (site, reason, paused_at, paused_until) VALUES ('paused', 'answered 401', ?,"
                        + " ?)",
                now,
                now);
        jdbc.update(
                "INSERT INTO relay_pause (site, reason, paused_at, paused_until, ends_at, by_hand)"
                        + " VALUES ('a-well', 'over', ?, ?, ?, TRUE)",
                now.minusHours(2),
                now.minusHours(1),
                now.minusHours(1));
        new ManualPauses(dataSource, new SitePauses(dataSource, clock), clock).pause("z-missing", null, "moves house");
        List<SiteStates.SiteState> sites = lastHour().sites();
        assertEquals(
                List.of("paused", "silent", "z-missing", "a-well", "no-address", "no-plugin"),
                sites.stream().map(SiteStates.SiteState::site).toList());
        assertEquals("answered 401", sites.get(0).pausedReason());
        assertNull(sites.get(0).silentSeconds(), "never heard");
        assertTrue(sites.get(1).isSilent());
        assertEquals(3 * 3600, sites.get(1).silentSeconds());
        assertEquals(7, sites.get(2).missing());
        assertTrue(sites.get(2).isPausedByHand());
        assertNull(sites.get(2).pausedUntil());
        assertNull(sites.get(3).pausedSince(), "its pause is over");
        assertFalse(sites.get(3).isSilent());
        assertEquals(3 * 3600, sites.get(4).silentSeconds());
        overview = overview(Duration.ZERO);
        assertTrue(lastHour().sites().stream().noneMatch(SiteStates.SiteState::isSilent), "silence means nothing");
    }

    @Test
    void there_are_never_too_many_points() {
        assertEquals(1, Overview.step(Duration.ofHours(1)));
        assertEquals(15, Overview.step(Duration.ofHours(24)));
        assertEquals(120, Overview.step(Duration.ofDays(7)));
        assertEquals(720, Overview.step(Duration.ofDays(30)));
        IntStream.rangeClosed(1, (int) Overview.LONGEST.toHours())
                .forEach(hours -> assertTrue(hours * 60 / Overview.step(Duration.ofHours(hours)) < 120));
    }

    @Test
    void a_percentile_is_right_to_within_a_step() {
        Map<String, Long> counts = Map.of("done_ms_10", 50L, "done_ms_100", 45L, "done_ms_5000", 5L);
        assertEquals(10, Histogram.DONE.percentile(counts, 50));
        assertEquals(100, Histogram.DONE.percentile(counts, 95));
        assertNull(Histogram.INTAKE.percentile(counts, 50));
        assertEquals("done_ms_86400000", Histogram.DONE.name(Long.MAX_VALUE));
        assertEquals("intake_ms_1", Histogram.INTAKE.name(0));
    }
}

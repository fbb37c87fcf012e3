package ingress;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.Backlog;
import events.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import sites.Site;
import sites.TestSite;

/** When events are refused, and when they are to come again; with a clock that the test moves. */
class AdmissionTest {
    private static final int LIMIT = 10;

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger counts = new AtomicInteger();
    private HikariDataSource dataSource;
    private Admission admission;

    @BeforeEach
    void open() throws Exception {
        dataSource = TestDatabase.H2.create(directory);
        admission = admission(Runnable::run);
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private Admission admission(Executor executor) {
        DelegatingDataSource counted = new DelegatingDataSource(dataSource) {
            @Override
            public Connection getConnection() throws SQLException {
                counts.incrementAndGet();
                return super.getConnection();
            }
        };
        return new Admission(new Backlog(counted, Clock.systemUTC()), LIMIT, nanos::get, executor);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private void add(int number, String site, OffsetDateTime dueAt) {
        for (int each = 0; each < number; each++) {
            database().update("""
                    INSERT INTO relay_event
                        (id, site, idempotency_key, event, payload, request_id, received_at, due_at)
                    VALUES (?, ?, ?, 'post.published', '', 'request', CURRENT_TIMESTAMP, ?)""", UUID.randomUUID(), site, UUID.randomUUID().toString(), dueAt);
        }
    }

    private void finish(int number) {
        database()
                .update(
                        "UPDATE relay_event SET status = 'done' WHERE id IN"
                                + " (SELECT id FROM relay_event WHERE status = 'queued' LIMIT ?)",
                        number);
    }

    private JdbcTemplate database() {
        return new JdbcTemplate(dataSource);
    }

    /** What a request does: refused, or recorded and counted. */
    private boolean send(String site) {
        try {
            admission.admit(TestSite.named(site));
        } catch (RejectedRequest e) {
            return false;
        }
        add(1, site, null);
        admission.recorded(site);
        return true;
    }

    private void assertAdmitted(String site) {
        assertDoesNotThrow(() -> admission.admit(TestSite.named(site)));
    }

    private int retryAfter(String site) {
        RejectedRequest refused = assertThrows(RejectedRequest.class, () -> admission.admit(TestSite.named(site)));
        assertEquals(429, refused.status());
        assertEquals("busy", refused.getMessage());
        return (int) refused.headers().get("Retry-After");
    }

    private static void assertBetween(int least, int most, int seconds) {
        assertTrue(least <= seconds && seconds <= most, () -> seconds + " s");
    }

    @Test
    void the_limit_holds_between_two_counts_too() {
        for (int number = 0; number < LIMIT; number++) {
            assertTrue(send("site"));
        }
        assertBetween(30, 36, retryAfter("site"));
        assertEquals(1, counts.get());
    }

    @Test
    void a_site_has_a_limit_of_its_own() {
        Site patient = TestSite.with("patient", new Site.Limits(null, LIMIT / 2, null, null));
        add(LIMIT / 2, "patient", OffsetDateTime.now().plusHours(1));
        assertDoesNotThrow(() -> admission.admit(patient)); // which has it counted
        assertThrows(RejectedRequest.class, () -> admission.admit(patient));
        assertAdmitted("another");
    }

    @Test
    void it_recovers_by_itself_and_says_when_to_come_again_by_the_drain_that_was_seen() {
        add(60, "site", null);
        admission.admit(TestSite.named("site"));
        assertBetween(30, 36, retryAfter("site"));
        pass(Duration.ofSeconds(10));
        finish(20); // Two a second: 40 are left, 31 of them over the nine at which there is room.
        assertAdmitted("site");
        assertBetween(16, 20, retryAfter("site"));
        pass(Duration.ofSeconds(2));
        finish(40);
        retryAfter("site");
        assertAdmitted("site");
    }

    @Test
    void what_this_relay_accepts_meanwhile_does_not_hide_the_drain() {
        for (int second = 0; second < 5; second++) {
            for (int number = 0; number < LIMIT - 1; number++) {
                assertTrue(send("site"), "it is never full");
            }
            pass(Duration.ofSeconds(1));
            finish(LIMIT - 1);
            assertTrue(send("site"));
            finish(1);
        }
    }

    @Test
    void however_slow_the_drain_nobody_is_sent_away_for_more_than_five_minutes() {
        add(1000, "site", null);
        admission.admit(TestSite.named("site"));
        pass(Duration.ofSeconds(20));
        finish(1);
        assertAdmitted("site");
        assertBetween(250, 300, retryAfter("site"));
    }

    @Test
    void a_site_that_is_down_fills_its_own_share_and_nobody_elses() {
        add(LIMIT, "down", OffsetDateTime.now().plusHours(1));
        admission.admit(TestSite.named("down"));
        retryAfter("down");
        assertAdmitted("up");
        add(LIMIT, "down", null);
        pass(Duration.ofSeconds(1));
        admission.admit(TestSite.named("up"));
        retryAfter("up");
    }

    @Test
    void when_only_what_came_in_since_the_count_makes_it_full_it_is_counted_again_at_once() {
        for (int number = 0; number < LIMIT; number++) {
            send("site");
        }
        finish(LIMIT);
        pass(Duration.ofMillis(150));
        retryAfter("site");
        assertAdmitted("site");
        assertEquals(2, counts.get());
    }

    @Test
    void it_is_counted_once_a_second_and_not_at_all_while_nobody_sends() {
        for (int number = 0; number < 1000; number++) {
            admission.admit(TestSite.named("site"));
        }
        assertEquals(1, counts.get());
        pass(Duration.ofHours(1));
        assertEquals(1, counts.get());
        admission.admit(TestSite.named("site"));
        admission.admit(TestSite.named("site"));
        assertEquals(2, counts.get());
    }

    @Test
    void nobody_waits_for_the_count_and_an_old_one_refuses_nobody() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        admission = admission(tasks::add);
        add(LIMIT, "site", null);
        assertAdmitted("site");
        assertAdmitted("site");
        assertEquals(1, tasks.size(), "one counts at a time");
        tasks.remove().run();
        retryAfter("site");
        pass(Duration.ofMinutes(1));
        assertAdmitted("site");
        tasks.remove().run();
        retryAfter("site");
    }

    @Test
    void while_the_database_is_away_nothing_is_refused_here() {
        add(LIMIT, "site", null);
        admission.admit(TestSite.named("site"));
        retryAfter("site");
        dataSource.close();
        pass(Duration.ofSeconds(1));
        retryAfter("site");
        assertAdmitted("site");
    }
}

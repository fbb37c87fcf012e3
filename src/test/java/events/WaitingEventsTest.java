package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.WaitingEvents.Now;
import events.WaitingEvents.OfSite;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;

/** What waits and for how long, on each database. */
class WaitingEventsTest extends EventLogFixture {
    /** In seconds: how long a test may take. */
    private static final double SOON = 20;

    private WaitingEvents waiting;

    @Override
    void open(TestDatabase database) throws Exception {
        super.open(database);
        waiting = new WaitingEvents(dataSource, Clock.systemUTC());
    }

    private UUID add(String site, Duration ago) {
        UUID id = add(site);
        set(id, "received_at", ago);
        return id;
    }

    private void set(UUID id, String column, Duration ago) {
        set(id, column, OffsetDateTime.now().minus(ago));
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

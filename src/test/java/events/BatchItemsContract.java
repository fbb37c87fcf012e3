package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.BatchItems.Item;
import events.BatchItems.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How far batches are, on whatever database: run by one subclass for each. */
abstract class BatchItemsContract {
    private static final Instant NOW = Instant.parse("2026-01-31T09:30:00Z");

    private final MovableClock clock = new MovableClock();
    private HikariDataSource dataSource;
    private BatchItems items;
    private Claims claims;
    private AttemptLog attempts;
    private UUID id;

    abstract TestDatabase database();

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        dataSource = database().create(directory);
        items = new BatchItems(dataSource, clock);
        claims = new Claims(dataSource, clock);
        attempts = new AttemptLog(dataSource, clock);
        id = EventLog.nextId();
        new EventLog(dataSource, clock)
                .add(new ReceivedEvent(id, "site", "key", BatchItems.EVENT, new byte[] {1}, "request", null));
    }

    @AfterEach
    void stop() {
        dataSource.close();
    }

    private Event claim() {
        return claims.claim(id, null).orElseThrow();
    }

    private Event open(Long... ids) {
        Event claimed = claim();
        items.open(claimed, List.of(ids));
        return claimed;
    }

    private List<Long> next(int most) {
        return items.next(id, most).stream().map(Item::id).toList();
    }

    private int rows() {
        return JdbcClient.create(dataSource)
                .sql("SELECT count(*) FROM relay_batch_item")
                .query(Integer.class)
                .single();
    }

    @Test
    void items_come_in_the_order_of_the_event_and_not_again_when_they_are_done_or_have_failed() {
        Event claimed = open(30L, 10L, 20L, Long.MAX_VALUE);
        assertEquals(List.of(30L, 10L), next(2));
        items.done(id, 30);
        items.fail(claimed, 10, "not there");
        assertEquals(List.of(20L, Long.MAX_VALUE), next(9));
        assertEquals(new Progress(1, 1, 4, NOW), items.progress(id));
        assertEquals(List.of(new BatchItems.Failure(10, "not there")), items.failures(id, 9));
    }

    @Test
    void a_batch_that_is_opened_again_is_where_it_was() {
        Event claimed = open(1L, 2L, 3L);
        items.done(id, 1);
        items.fail(claimed, 2, "not there");
        open(1L, 2L, 3L);
        assertEquals(List.of(3L), next(9));
        items.done(id, 3);
        assertTrue(items.progress(id).isOver());
        assertNull(items.progress(id).nextDue());
    }

    @Test
    void an_item_that_waits_for_its_next_try_comes_when_that_is_due() {
        Event claimed = open(1L, 2L);
        Instant due = NOW.plusSeconds(60);
        items.retryLater(claimed, 1, due, "503");
        assertEquals(List.of(2L), next(9));
        assertEquals(NOW, items.progress(id).nextDue(), "the other is due now");
        items.done(id, 2);
        assertEquals(due, items.progress(id).nextDue());
        assertFalse(items.progress(id).isOver());
        clock.advance(Duration.ofSeconds(60));
        assertEquals(List.of(new Item(1, 1)), items.next(id, 9));
    }

    @Test
    void what_is_done_does_not_fail_any_more_whoever_says_so() {
        Event claimed = open(1L);
        items.done(id, 1);
        items.fail(claimed, 1, "503");
        items.retryLater(claimed, 1, NOW, "503");
        assertEquals(new Progress(1, 0, 1, null), items.progress(id));
    }

    @Test
    void a_worker_that_comes_late_says_what_is_done_and_not_what_has_failed() {
        Event late = open(1L, 2L, 3L);
        claim();
        items.done(id, 1);
        items.fail(late, 2, "503");
        items.retryLater(late, 3, NOW.plusSeconds(60), "503");
        assertEquals(new Progress(1, 0, 3, NOW), items.progress(id));
        assertEquals(List.of(new Item(2, 0), new Item(3, 0)), items.next(id, 9));
        assertThrows(PermanentFailure.class, () -> items.open(late, List.of(4L)));
        assertEquals(3, rows());
    }

    @Test
    void after_a_replay_what_has_failed_is_to_be_done_again_with_all_its_retries() {
        Event claimed = open(1L, 2L, 3L);
        items.done(id, 1);
        items.retryLater(claimed, 2, NOW, "503");
        items.fail(claimed, 2, "503");
        items.retryLater(claimed, 3, NOW.plusSeconds(60), "503");
        assertTrue(attempts.giveUp(claimed, "401"));
        assertTrue(new Replays(dataSource, clock).replay(id, false, "a test", ids -> {}));
        Event replayed = open(1L, 2L, 3L);
        assertEquals(List.of(new Item(2, 0), new Item(3, 0)), items.next(id, 9));
        items.fail(replayed, 2, "404");
        open(1L, 2L, 3L);
        assertEquals(List.of(3L), next(9), "once after each replay");
    }

    @Test
    void an_attempt_that_got_on_leaves_its_event_queued_with_its_progress_and_all_retries() {
        Event first = claim();
        assertTrue(attempts.retryLater(first, NOW, "500"));
        Event second = claim();
        assertEquals(1, second.retries());
        assertTrue(attempts.goOn(second, NOW.plusSeconds(5), "{\"done\":1}", null));
        Event event = new EventLog(dataSource, clock).find("site", "key").orElseThrow();
        assertEquals("queued", event.status());
        assertEquals("{\"done\":1}", event.result());
        assertEquals(0, event.retries());
        assertEquals(0, event.unended());
        assertNull(event.error());
        assertFalse(attempts.goOn(second, NOW, "{\"done\":0}", null), "its claim is over");
        Event third = claim();
        assertEquals(3, third.attempts());
        assertFalse(attempts.goOn(second, NOW, "{\"done\":0}", null), "another has it");
    }

    @Test
    void what_goes_on_is_not_taken_for_stranded_while_it_waits() {
        Event claimed = claim();
        JdbcClient.create(dataSource)
                .sql("UPDATE relay_event SET dispatched_at = received_at")
                .update();
        attempts.goOn(claimed, NOW.plusSeconds(600), "{}", "waits");
        clock.advance(Duration.ofSeconds(500));
        assertEquals(0, claims.redispatchStranded(clock.instant()));
        clock.advance(Duration.ofSeconds(500));
        assertEquals(1, claims.redispatchStranded(clock.instant()));
    }

    @Test
    void an_erased_batch_has_no_items_and_gets_none() {
        Event claimed = open(1L, 2L);
        items.fail(claimed, 2, "Jane Doe was not there");
        new Erasures(dataSource, clock).erase(List.of(id), ids -> {});
        assertEquals(0, rows());
        assertThrows(PermanentFailure.class, () -> items.open(claimed, List.of(1L)));
        items.done(id, 1);
        assertEquals(0, rows());
    }

    @Test
    void a_batch_that_is_forgotten_takes_its_items_along() {
        open(1L, 2L);
        JdbcClient.create(dataSource).sql("DELETE FROM relay_event").update();
        assertEquals(0, rows());
    }
}

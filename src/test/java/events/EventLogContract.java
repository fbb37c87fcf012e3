package events;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import operations.Database;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the event log promises, on whatever database: run by one subclass for each. */
abstract class EventLogContract {
    private static final int CALLERS = 64;
    private static final Consumer<List<UUID>> NOTHING = ids -> {};

    private HikariDataSource dataSource;
    private EventLog eventLog;
    private Claims claims;
    private AttemptLog attempts;
    private Outbox outbox;
    private Replays replays;
    private EventPages pages;
    private TransactionTemplate transaction;

    abstract TestDatabase database();

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        dataSource = database().create(directory);
        eventLog = new EventLog(dataSource, Clock.systemUTC());
        claims = new Claims(dataSource, Clock.systemUTC());
        attempts = new AttemptLog(dataSource, Clock.systemUTC());
        outbox = new Outbox(dataSource, Clock.systemUTC());
        replays = new Replays(dataSource, Clock.systemUTC());
        pages = new EventPages(dataSource, eventLog);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
    }

    @AfterEach
    void stop() {
        dataSource.close();
    }

    private static ReceivedEvent event(String site, String key, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return new ReceivedEvent(EventLog.nextId(), site, key, "post.published", bytes, "request", null);
    }

    private UUID add(String key) {
        ReceivedEvent event = event("site", key, "{}");
        assertTrue(eventLog.add(event));
        return event.id();
    }

    /** As if so many seconds had passed since the start of the test. */
    private Event claimAfter(int seconds, UUID id) {
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(seconds));
        return new Claims(dataSource, later).claim(id, null).orElseThrow();
    }

    private Event claim(UUID id) {
        return claims.claim(id, null).orElseThrow();
    }

    private List<QueuedEvent> dispatchAll() {
        return transaction.execute(status -> {
            List<QueuedEvent> batch = outbox.lock(1000);
            outbox.markDispatched(batch);
            return batch;
        });
    }

    @Test
    void an_event_is_found_as_it_was_added() {
        ReceivedEvent added = event("site", "key", "{\"title\":\"naïve 🐫\"}");
        assertTrue(eventLog.add(added));
        Event found = eventLog.find("site", "key").orElseThrow();
        assertEquals(added.id(), found.id());
        assertArrayEquals(added.payload(), found.payload());
        assertEquals("queued", found.status());
        assertEquals(0, found.attempts());
        assertNull(found.finishedAt());
    }

    @Test
    void events_are_added_after_the_connection_that_made_the_tables_was_retired(@TempDir Path other) throws Exception {
        try (HikariDataSource database = database().open(other)) {
            // The connections that Flyway makes are closed, and the database stays open.
            Flyway.configure()
                    .dataSource(Database.forMigration(database))
                    .load()
                    .migrate();
            assertTrue(new EventLog(database, Clock.systemUTC()).add(event("site", "key", "{}")));
        }
    }

    @Test
    void a_key_is_recorded_once_for_each_site() {
        assertTrue(eventLog.add(event("site", "key", "{}")));
        assertFalse(eventLog.add(event("site", "key", "{\"other\":1}")));
        assertTrue(eventLog.add(event("another site", "key", "{}")));
        assertTrue(eventLog.add(event("site", "KEY", "{}")));
        assertArrayEquals(
                "{}".getBytes(StandardCharsets.UTF_8),
                eventLog.find("site", "key").orElseThrow().payload());
        assertEquals(
                List.of("another site", "site"),
                eventLog.findByKey("key").stream().map(Event::site).toList());
    }

    @Test
    void of_many_callers_with_one_key_exactly_one_adds_it() throws Exception {
        List<Boolean> added = together(() -> eventLog.add(event("site", "key", "{}")));
        assertEquals(1, Collections.frequency(added, true));
        assertEquals(1, new JdbcTemplate(dataSource).queryForObject("SELECT count(*) FROM relay_event", Integer.class));
    }

    @Test
    void of_several_that_are_added_at_once_each_is_told_whether_it_was_the_first() {
        assertTrue(eventLog.add(event("site", "b", "{}")));
        ReceivedEvent traced = new ReceivedEvent(
                EventLog.nextId(), "site", "c", "post.published", new byte[] {0, -1, 39}, "request", "00-trace");
        assertEquals(
                List.of(true, false, true, false),
                eventLog.addAll(List.of(
                        event("site", "a", "{}"),
                        event("site", "b", "{\"other\":1}"),
                        traced,
                        event("site", "c", "{}"))));
        Event found = eventLog.find("site", "c").orElseThrow();
        assertArrayEquals(traced.payload(), found.payload());
        assertEquals("00-trace", found.traceparent());
        assertNull(eventLog.find("site", "a").orElseThrow().traceparent());
    }

    @Test
    void what_many_workers_claim_and_finish_at_once_is_each_ones_own() throws Exception {
        List<UUID> ids =
                IntStream.range(0, 40).mapToObj(number -> add("key-" + number)).toList();
        Queue<UUID> left = new ConcurrentLinkedQueue<>(ids);
        List<Integer> finished = together(() -> {
            int mine = 0;
            for (UUID id = left.poll(); id != null; id = left.poll()) {
                Event claimed = claims.claim(id, 0).orElseThrow();
                assertEquals(id, claimed.id());
                assertEquals(Optional.empty(), claims.claim(id, 1), "a message of a replay that is none");
                mine += attempts.finish(claimed, "\"" + id + "\"", "applied") ? 1 : 0;
            }
            return mine;
        });
        assertEquals(ids.size(), finished.stream().mapToInt(Integer::intValue).sum());
        for (int number = 0; number < ids.size(); number++) {
            Event event = eventLog.find("site", "key-" + number).orElseThrow();
            assertEquals("done", event.status());
            assertEquals("\"" + event.id() + "\"", event.result());
            assertEquals(1, eventLog.attempts(event.id()).size());
        }
    }

    @Test
    void what_was_added_waits_in_the_outbox_in_the_order_of_arrival_until_it_is_dispatched() {
        List<UUID> ids = List.of(add("1"), add("2"), add("3"));
        assertEquals(ids, ids(dispatchAll()));
        assertEquals(List.of(), dispatchAll());
    }

    @Test
    void a_dispatch_that_is_rolled_back_leaves_everything_in_the_outbox() {
        add("1");
        assertThrows(
                IllegalStateException.class,
                () -> transaction.executeWithoutResult(status -> {
                    outbox.markDispatched(outbox.lock(10));
                    throw new IllegalStateException("the broker is away");
                }));
        assertEquals(1, dispatchAll().size());
    }

    @Test
    void two_dispatchers_at_once_get_different_events() throws Exception {
        for (int number = 0; number < 100; number++) {
            add("key-" + number);
        }
        CountDownLatch bothLocked = new CountDownLatch(2);
        ExecutorService dispatchers = Executors.newFixedThreadPool(2);
        try {
            Callable<List<QueuedEvent>> dispatcher = () -> transaction.execute(status -> {
                List<QueuedEvent> batch = outbox.lock(50);
                bothLocked.countDown();
                countedDown(bothLocked);
                outbox.markDispatched(batch);
                return batch;
            });
            Set<UUID> dispatched = new HashSet<>();
            for (Future<List<QueuedEvent>> batch : dispatchers.invokeAll(List.of(dispatcher, dispatcher))) {
                batch.get().forEach(event -> assertTrue(dispatched.add(event.id())));
            }
            dispatchAll().forEach(event -> assertTrue(dispatched.add(event.id())));
            assertEquals(100, dispatched.size());
        } finally {
            dispatchers.shutdownNow();
        }
    }

    private static void countedDown(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_claim_counts_an_attempt_and_a_finished_event_is_claimed_no_more() {
        UUID id = add("key");
        Event claimed = claims.claim(id, null).orElseThrow();
        assertEquals(1, claimed.attempts());
        assertTrue(attempts.finish(claimed, "{\"summary\":\"s\"}", "applied"));
        assertTrue(claims.claim(id, null).isEmpty());
        Event finished = eventLog.find("site", "key").orElseThrow();
        assertEquals("done", finished.status());
        assertEquals("{\"summary\":\"s\"}", finished.result());
        assertEquals("applied", finished.callBack());
        assertEquals("done", eventLog.attempts(id).get(0).outcome());
        assertNull(eventLog.attempts(id).get(0).error());
    }

    @Test
    void a_message_from_before_a_replay_leads_to_nothing() {
        UUID id = add("key");
        int before = dispatchAll().get(0).replays();
        attempts.giveUp(claim(id), "reason");
        replays.replay(id, false, "a test", NOTHING);
        assertTrue(claims.claim(id, before).isEmpty());
        assertEquals(before + 1, claims.claim(id, before + 1).orElseThrow().replays());
    }

    @Test
    void an_event_nobody_knows_cannot_be_claimed() {
        assertTrue(claims.claim(UUID.randomUUID(), null).isEmpty());
    }

    @Test
    void a_worker_that_died_does_not_keep_its_event() {
        UUID id = add("key");
        claims.claim(id, null);
        assertEquals(2, claims.claim(id, null).orElseThrow().attempts());
    }

    @Test
    void a_worker_that_comes_late_changes_nothing_any_more() {
        UUID id = add("key");
        Event late = claim(id);
        Event second = claim(id);
        assertFalse(attempts.finish(late, "{\"late\":1}", null));
        assertTrue(attempts.finish(second, "{}", "applied"));
        assertFalse(attempts.giveUp(late, "too late"));
        assertFalse(attempts.retryLater(late, Instant.now(), "too late"));
        Event finished = eventLog.find("site", "key").orElseThrow();
        assertEquals("done", finished.status());
        assertEquals("{}", finished.result());
        assertEquals(
                List.of(2), eventLog.attempts(id).stream().map(Attempt::attempt).toList());
    }

    @Test
    void those_of_several_events_that_can_be_claimed_are() {
        UUID done = add("done");
        attempts.finish(claim(done), "{}", null);
        UUID first = add("first");
        UUID second = add("second");
        List<Event> claimed = claims.claim(List.of(first, done, UUID.randomUUID(), second), 0);
        assertEquals(List.of(first, second), claimed.stream().map(Event::id).toList());
        assertEquals(List.of(1, 1), claimed.stream().map(Event::attempts).toList());
        assertEquals(List.of(), claims.claim(List.of(first, second), 1), "not for a message of another replay");
        assertEquals(List.of(), claims.claim(List.of(done), 0));
    }

    private AttemptLog.End end(String key, String callBack) {
        return new AttemptLog.End(claim(add(key)), "\"" + key + "\"", callBack);
    }

    @Test
    void several_attempts_that_end_together_have_each_its_own_end() {
        List<AttemptLog.End> ends = List.of(end("first", "applied"), end("taken", null), end("last", "duplicate"));
        claim(ends.get(1).claimed().id());
        assertEquals(List.of(true, false, true), attempts.finish(ends));
        assertEquals("\"first\"", eventLog.find("site", "first").orElseThrow().result());
        assertEquals("processing", eventLog.find("site", "taken").orElseThrow().status());
        assertEquals("duplicate", eventLog.find("site", "last").orElseThrow().callBack());
    }

    @Test
    void an_end_that_the_database_does_not_take_keeps_no_other_from_being_written() {
        List<AttemptLog.End> ends = List.of(end("first", null), end("wide", "x".repeat(65)), end("last", null));
        assertThrows(DataAccessException.class, () -> attempts.finish(ends));
        assertEquals("done", eventLog.find("site", "first").orElseThrow().status());
        assertEquals("processing", eventLog.find("site", "wide").orElseThrow().status());
        assertEquals("done", eventLog.find("site", "last").orElseThrow().status());
    }

    @Test
    void a_claim_that_a_crash_of_the_database_took_back_is_no_claim_of_another_worker() {
        UUID id = add("key");
        Event claimed = claim(id);
        new JdbcTemplate(dataSource)
                .update("UPDATE relay_event SET status = 'queued', attempts = 0, started_at = NULL WHERE id = ?", id);
        assertThrows(EventLogAway.class, () -> attempts.finish(claimed, "{}", "applied"));
        assertThrows(EventLogAway.class, () -> attempts.giveUp(claimed, "reason"));
        assertThrows(EventLogAway.class, () -> attempts.retryLater(claimed, Instant.now(), "reason"));
        assertThrows(EventLogAway.class, () -> attempts.holdBack(claimed, Instant.now(), "reason", 0));
        assertEquals("queued", eventLog.find("site", "key").orElseThrow().status());
        assertTrue(attempts.finish(claim(id), "{}", "duplicate"));
    }

    @Test
    void each_failed_attempt_is_kept_with_its_reason() {
        UUID id = add("key");
        attempts.retryLater(claim(id), Instant.now(), "first\u0000\u001b[31m reason");
        Event waiting = claim(id);
        assertEquals(1, waiting.retries());
        attempts.giveUp(waiting, "x".repeat(3000));
        Event dead = eventLog.find("site", "key").orElseThrow();
        assertEquals("error", dead.status());
        assertEquals(AttemptLog.LONGEST_ERROR, dead.error().length());
        List<Attempt> attempts = eventLog.attempts(id);
        assertEquals(
                List.of("retry", "error"),
                attempts.stream().map(Attempt::outcome).toList());
        assertEquals("first [31m reason", attempts.get(0).error());
        assertFalse(attempts.get(0).finishedAt().isBefore(attempts.get(0).startedAt()));
    }

    @Test
    void an_event_that_is_held_back_uses_up_no_retry_and_counts_as_no_attempt() {
        UUID id = add("key");
        Instant until = Instant.parse("2026-01-31T09:30:00Z");
        assertTrue(attempts.holdBack(claim(id), until, "the site is paused", 0));
        Event held = eventLog.find("site", "key").orElseThrow();
        assertEquals("queued", held.status());
        assertEquals("the site is paused", held.error());
        assertEquals(0, held.retries());
        assertEquals(0, held.unended());
        assertEquals(List.of(), eventLog.attempts(id));
        Event late = claim(id);
        Event second = claimAfter(2, id);
        assertFalse(attempts.holdBack(late, until, "too late", 0));
        assertTrue(attempts.holdBack(second, until, "its workers died", second.unended()));
        assertEquals(3, claim(id).unended());
    }

    @Test
    void claims_of_one_moment_count_once_since_nobody_died() {
        UUID id = add("key");
        assertEquals(1, claim(id).unended());
        assertEquals(1, claim(id).unended());
        assertEquals(2, claimAfter(2, id).unended());
        assertEquals(2, claimAfter(2, id).unended());
        attempts.holdBack(claimAfter(4, id), Instant.now(), "its workers died", 3);
        assertEquals(4, claimAfter(4, id).unended());
    }

    @Test
    void claims_without_an_end_are_counted_until_one_ends() {
        UUID id = add("key");
        claim(id);
        assertEquals(2, claimAfter(2, id).unended());
        attempts.retryLater(claimAfter(4, id), Instant.now(), "reason");
        assertEquals(1, claim(id).unended());
        attempts.giveUp(claim(id), "reason");
        assertEquals(0, eventLog.find("site", "key").orElseThrow().unended());
        attempts.finish(claim(id), "{}", null);
        assertEquals(0, eventLog.find("site", "key").orElseThrow().unended());
    }

    @Test
    void an_event_whose_message_was_lost_is_dispatched_again_under_another_id_for_the_broker() {
        UUID queued = add("queued");
        UUID processing = add("processing");
        List<QueuedEvent> first = dispatchAll();
        claim(processing);
        assertEquals(2, claims.redispatchStranded(Instant.now().plusSeconds(1)));
        List<QueuedEvent> second = dispatchAll();
        assertEquals(List.of(queued, processing), ids(second));
        assertFalse(first.get(0).duplicateId().equals(second.get(0).duplicateId()));
        assertEquals("queued", eventLog.find("site", "processing").orElseThrow().status());
    }

    @Test
    void an_event_that_waits_for_good_reason_is_not_stranded() {
        Instant soon = Instant.now().plusSeconds(60);
        UUID waiting = add("waits for its next try");
        UUID dead = add("dead");
        UUID done = add("done");
        dispatchAll();
        add("not dispatched yet");
        attempts.retryLater(claim(waiting), soon.plusSeconds(1), "reason");
        attempts.giveUp(claim(dead), "reason");
        attempts.finish(claim(done), "{}", null);
        assertEquals(0, claims.redispatchStranded(soon));
        assertEquals(1, claims.redispatchStranded(soon.plusSeconds(2)), "the try was due, and nobody came");
    }

    @Test
    void what_was_sent_or_begun_after_the_watermark_is_not_stranded() {
        Instant before = Instant.now().minusSeconds(60);
        add("queued");
        UUID processing = add("processing");
        dispatchAll();
        claim(processing);
        assertEquals(0, claims.redispatchStranded(before));
        new JdbcTemplate(dataSource).update("UPDATE relay_event SET dispatched_at = TIMESTAMP '2000-01-01 00:00:00'");
        assertEquals(1, claims.redispatchStranded(before), "the one that a worker has just begun is not");
    }

    private static List<UUID> ids(List<QueuedEvent> events) {
        return events.stream().map(QueuedEvent::id).toList();
    }

    @Test
    void a_database_that_takes_nothing_is_away_until_it_takes_something_again() {
        EventLogHealth health = new EventLogHealth(dataSource, Clock.systemUTC());
        JdbcTemplate database = new JdbcTemplate(dataSource);
        assertTrue(health.canRecord());
        database.execute("ALTER TABLE relay_lease RENAME TO relay_lease_away");
        assertFalse(health.canRecord());
        DataAccessException refused = new DataAccessResourceFailureException("refused");
        assertSame(
                refused,
                assertThrows(
                        DataAccessException.class,
                        () -> health.use(() -> {
                            throw refused;
                        })));
        assertThrows(EventLogAway.class, () -> health.use(() -> 1));
        database.execute("ALTER TABLE relay_lease_away RENAME TO relay_lease");
        await().ignoreExceptions().until(() -> health.use(() -> 1) == 1);
        health.stop();
    }

    @Test
    void a_replay_gives_a_dead_event_all_its_retries_again_and_another_id_for_the_broker() {
        UUID id = add("key");
        QueuedEvent first = dispatchAll().get(0);
        attempts.retryLater(claim(id), Instant.now(), "reason");
        attempts.giveUp(claim(id), "reason");
        assertTrue(replays.replay(id, false, "a test", NOTHING));
        QueuedEvent second = dispatchAll().get(0);
        assertEquals(first.id(), second.id());
        assertFalse(first.duplicateId().equals(second.duplicateId()));
        Event replayed = eventLog.find("site", "key").orElseThrow();
        assertEquals("queued", replayed.status());
        assertEquals(0, replayed.retries());
        assertEquals(2, replayed.attempts());
        assertNull(replayed.finishedAt());
    }

    @Test
    void only_a_dead_event_is_replayed_without_force() {
        UUID id = add("key");
        assertFalse(replays.replay(id, false, "a test", NOTHING));
        Event claimed = claim(id);
        assertFalse(replays.replay(id, false, "a test", NOTHING));
        attempts.finish(claimed, "{}", null);
        assertFalse(replays.replay(id, false, "a test", NOTHING));
        assertEquals("done", eventLog.find("site", "key").orElseThrow().status());
        assertFalse(replays.replay(UUID.randomUUID(), true, "a test", NOTHING));
    }

    @Test
    void a_forced_replay_of_a_done_event_runs_it_again_and_keeps_its_result_until_then() {
        UUID id = add("key");
        dispatchAll();
        attempts.finish(claim(id), "{\"run\":1}", "applied");
        assertTrue(replays.replay(id, true, "a test", NOTHING));
        assertEquals("{\"run\":1}", eventLog.find("site", "key").orElseThrow().result());
        List<Attempt> first = eventLog.attempts(id);
        assertEquals(List.of("done"), first.stream().map(Attempt::outcome).toList());
        assertEquals(1, dispatchAll().size());
        Event again = claim(id);
        assertEquals(2, again.attempts());
        assertTrue(attempts.finish(again, "{\"run\":2}", "duplicate"));
        Event done = eventLog.find("site", "key").orElseThrow();
        assertEquals("done", done.status());
        assertEquals("duplicate", done.callBack());
        List<Attempt> both = eventLog.attempts(id);
        assertEquals(first.get(0), both.get(0));
        assertEquals(new Attempt(2, done.startedAt(), done.finishedAt(), "done", null), both.get(1));
        assertTrue(replays.replay(id, true, "a test", NOTHING));
        assertEquals(both, eventLog.attempts(id));
    }

    @Test
    void a_forced_replay_queues_an_event_again_whose_message_was_lost() {
        UUID id = add("key");
        String lost = dispatchAll().get(0).duplicateId();
        assertTrue(replays.replay(id, true, "a test", NOTHING));
        assertFalse(lost.equals(dispatchAll().get(0).duplicateId()));
    }

    @Test
    void a_worker_that_held_the_event_when_it_was_replayed_does_not_end_the_replay_before_it_begins() {
        UUID id = add("key");
        dispatchAll();
        Event held = claim(id);
        assertTrue(replays.replay(id, true, "a test", NOTHING));
        assertFalse(attempts.finish(held, "{\"held\":1}", "applied"));
        assertFalse(attempts.giveUp(held, "held"));
        assertFalse(attempts.retryLater(held, Instant.now(), "held"));
        Event replayed = eventLog.find("site", "key").orElseThrow();
        assertEquals("queued", replayed.status());
        assertEquals(0, replayed.retries());
        assertEquals(1, dispatchAll().size(), "the replay still goes to the queue");
    }

    @Test
    void a_worker_that_held_the_event_when_it_was_replayed_does_not_end_the_replay_while_it_runs() {
        UUID id = add("key");
        dispatchAll();
        Event held = claim(id);
        assertTrue(replays.replay(id, true, "a test", NOTHING));
        dispatchAll();
        Event again = claim(id);
        assertFalse(attempts.giveUp(held, "held"));
        assertFalse(attempts.finish(held, "{\"held\":1}", "applied"));
        assertTrue(attempts.finish(again, "{}", "duplicate"));
        assertEquals("{}", eventLog.find("site", "key").orElseThrow().result());
    }

    @Test
    void a_replay_during_its_dispatch_is_dispatched_once_more() throws Exception {
        UUID id = add("key");
        ExecutorService operator = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> replay = transaction.execute(status -> {
                List<QueuedEvent> batch = outbox.lock(10);
                Future<Boolean> waiting = operator.submit(() -> replays.replay(id, true, "a test", NOTHING));
                outbox.markDispatched(batch);
                return waiting;
            });
            assertTrue(replay.get());
            assertEquals(
                    List.of(id), dispatchAll().stream().map(QueuedEvent::id).toList());
        } finally {
            operator.shutdownNow();
        }
    }

    @Test
    void many_are_replayed_batch_by_batch_and_none_twice_though_it_dies_again_meanwhile() {
        List<UUID> dead = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            dead.add(addDead("dead-" + number));
        }
        add("alive");
        EventQuery query = new EventQuery("error", null, "site", null, null, null);
        List<UUID> replayed = new ArrayList<>();
        UUID after = null;
        do {
            Replays.Batch batch = replays.replay(query, after, 2, "a test", NOTHING);
            batch.events().forEach(event -> replayed.add(event.id()));
            after = batch.next();
            attempts.giveUp(claim(dead.get(0)), "again");
        } while (after != null);
        assertEquals(dead, replayed);
        assertEquals(List.of("dead-0"), keys(new EventQuery("error", null, null, null, null, null)));
    }

    @Test
    void a_preview_says_what_a_replay_would_do_and_does_nothing() {
        UUID first = addDead("1");
        addDead("2");
        EventQuery query = new EventQuery("error", null, null, null, null, null);
        List<EventQuery.Row> preview = replays.preview(query, null, 10).events();
        assertEquals(
                List.of("1", "2"), preview.stream().map(EventQuery.Row::key).toList());
        assertEquals(1, replays.preview(query, first, 10).events().size());
        assertEquals("error", eventLog.find("site", "1").orElseThrow().status());
        assertEquals(preview, replays.replay(query, null, 10, "a test", NOTHING).events());
    }

    @Test
    void each_time_that_an_event_was_put_back_is_written_down_with_who_did_it() {
        EventTrail trail = new EventTrail(dataSource, Clock.systemUTC());
        UUID id = addDead("key");
        assertEquals(List.of(), trail.replays(id));
        OffsetDateTime before = OffsetDateTime.now();
        replays.replay(id, false, "bin/relay of ada", NOTHING);
        dispatchAll();
        attempts.giveUp(claim(id), "reason");
        claims.claimDeadLetter(id);
        claims.redispatchStranded(Instant.now().plusSeconds(1));
        replays.replay(List.of(id), true, "x".repeat(200), NOTHING);
        replays.replay(new EventQuery("queued", null, null, null, null, null), null, 10, "all", NOTHING);
        List<Replay> written = trail.replays(id);
        assertEquals(
                List.of(
                        "bin/relay of ada",
                        "whoever moved its message out of the dead letters",
                        "the relay, since its message was lost",
                        "x".repeat(128),
                        "all"),
                written.stream().map(Replay::by).toList());
        assertFalse(written.get(0).at().isBefore(before.truncatedTo(ChronoUnit.MICROS)));
        assertEquals(
                written,
                written.stream().sorted(Comparator.comparing(Replay::at)).toList());
    }

    @Test
    void a_replay_that_fails_before_its_commit_changes_nothing() {
        UUID id = addDead("key");
        assertThrows(
                IllegalStateException.class,
                () -> replays.replay(id, false, "a test", ids -> {
                    throw new IllegalStateException("stopped");
                }));
        assertEquals("error", eventLog.find("site", "key").orElseThrow().status());
        assertEquals(List.of(), new EventTrail(dataSource, Clock.systemUTC()).replays(id));
    }

    @Test
    void two_operators_who_replay_the_same_events_replay_each_once() throws Exception {
        for (int number = 0; number < 50; number++) {
            addDead("key-" + number);
        }
        EventQuery query = new EventQuery("error", null, null, null, null, null);
        List<UUID> replayed = new ArrayList<>();
        for (Replays.Batch batch : together(() -> replays.replay(query, null, 100, "a test", NOTHING))) {
            batch.events().forEach(event -> replayed.add(event.id()));
        }
        assertEquals(50, replayed.size());
        assertEquals(50, new HashSet<>(replayed).size());
    }

    @Test
    void a_dead_letter_that_comes_back_is_a_replay_of_a_dead_event() {
        UUID id = add("key");
        String first = dispatchAll().get(0).duplicateId();
        attempts.retryLater(claim(id), Instant.now(), "reason");
        attempts.giveUp(claim(id), "reason");
        Event moved = claims.claimDeadLetter(id).orElseThrow();
        assertEquals("processing", moved.status());
        assertEquals(3, moved.attempts());
        assertEquals(0, moved.retries());
        assertNull(moved.finishedAt());
        assertEquals(List.of(), dispatchAll(), "its message is there already");
        attempts.giveUp(moved, "again");
        replays.replay(id, false, "a test", NOTHING);
        assertEquals(id + "/2", dispatchAll().get(0).duplicateId(), "after " + first);
    }

    @Test
    void a_dead_letter_that_comes_back_twice_counts_once() {
        UUID id = addDead("key");
        attempts.retryLater(claims.claimDeadLetter(id).orElseThrow(), Instant.now(), "reason");
        assertEquals(1, claims.claimDeadLetter(id).orElseThrow().retries());
    }

    @Test
    void a_dead_letter_that_comes_back_leads_to_nothing_when_its_event_is_done() {
        UUID id = add("key");
        attempts.finish(claim(id), "{}", null);
        assertTrue(claims.claimDeadLetter(id).isEmpty());
        assertEquals("done", eventLog.find("site", "key").orElseThrow().status());
    }

    private UUID addDead(String key) {
        UUID id = add(key);
        transaction.executeWithoutResult(status -> outbox.markDispatched(outbox.lock(1000)));
        attempts.giveUp(claim(id), "reason");
        return id;
    }

    @Test
    void an_answer_is_kept_once_for_each_task() {
        UUID id = add("key");
        AnswerLog answers = new AnswerLog(dataSource, Clock.systemUTC());
        assertTrue(answers.find(id, "enrich_post").isEmpty());
        Answer first = new Answer("enrich_post", "openai", "a model", "{\"summary\":\"1\"}");
        assertEquals(first, answers.keep(id, first));
        Answer second = new Answer("enrich_post", "openai", "a model", "{\"summary\":\"2\"}");
        assertEquals(first, answers.keep(id, second), "the one that is kept is the one to use");
        assertEquals(first, answers.find(id, "enrich_post").orElseThrow());
        assertTrue(answers.find(id, "moderate_comment").isEmpty());
    }

    private UUID addComment(String key, String hash) {
        byte[] payload = ("{\"author_email_sha256\":\"" + hash + "\"}").getBytes(StandardCharsets.UTF_8);
        ReceivedEvent event =
                new ReceivedEvent(EventLog.nextId(), "site", key, "comment.created", payload, "request", null);
        assertTrue(eventLog.add(event));
        return event.id();
    }

    private static final Answer ANSWER = new Answer("moderate_comment", "openai", "a model", "{\"reason\":\"Ada\"}");

    private UUID answered(String key, String question) {
        UUID id = addComment(key, "ada");
        assertEquals(ANSWER, new AnswerLog(dataSource, Clock.systemUTC()).keep(id, ANSWER, question));
        return id;
    }

    @Test
    void an_answer_is_kept_for_another_event_that_asks_the_same() {
        AnswerLog answers = new AnswerLog(dataSource, Clock.systemUTC());
        Instant since = Instant.now().minusSeconds(60);
        UUID other = addComment("other", "ada");
        assertEquals(Optional.empty(), answers.reuse(other, "moderate_comment", "the question", since));
        answered("first", "the question");
        answered("unasked", null);
        assertEquals(Optional.empty(), answers.reuse(other, "moderate_comment", "another question", since));
        assertEquals(
                Optional.empty(),
                answers.reuse(
                        other, "moderate_comment", "the question", Instant.now().plusSeconds(60)));
        assertEquals(Optional.empty(), answers.find(other, "moderate_comment"));
        assertEquals(
                ANSWER,
                answers.reuse(other, "moderate_comment", "the question", since).orElseThrow());
        assertEquals(ANSWER, answers.find(other, "moderate_comment").orElseThrow());
        assertEquals(List.of(ANSWER), kept(answers, other));
        assertEquals(
                ANSWER,
                answers.reuse(other, "moderate_comment", "the question", since).orElseThrow());
        Answer forItem = answers.reuse(other, "item:7", "the question", since).orElseThrow();
        assertEquals("item:7", forItem.task(), "of one event too, under another name");
    }

    @Test
    void an_answer_that_is_used_again_is_no_younger_for_it() {
        AnswerLog answers = new AnswerLog(dataSource, Clock.systemUTC());
        answered("first", "the question");
        UUID second = addComment("second", "ada");
        Instant afterwards = Instant.now().plusSeconds(1);
        AnswerLog later = new AnswerLog(dataSource, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(2)));
        later.reuse(second, "moderate_comment", "the question", Instant.EPOCH).orElseThrow();
        UUID third = addComment("third", "ada");
        assertEquals(Optional.empty(), answers.reuse(third, "moderate_comment", "the question", afterwards));
    }

    @Test
    void who_erases_an_event_erases_the_answer_that_others_have_of_it() {
        AnswerLog answers = new AnswerLog(dataSource, Clock.systemUTC());
        UUID first = answered("first", "the question");
        UUID done = addComment("done", "ada");
        UUID waits = addComment("waits", "ada");
        UUID unasked = answered("unasked", null);
        answers.reuse(done, "moderate_comment", "the question", Instant.EPOCH).orElseThrow();
        answers.reuse(waits, "moderate_comment", "the question", Instant.EPOCH).orElseThrow();
        UUID batch = addComment("batch", "ada");
        answers.reuse(batch, "moderate_comment:7", "the question", Instant.EPOCH)
                .orElseThrow();
        attempts.finish(claim(batch), "{\"done\":1}", null);
        attempts.finish(claim(done), ANSWER.answer(), "applied");
        attempts.finish(claim(unasked), ANSWER.answer(), "applied");
        assertEquals(4, erasures().preview(List.of(first)).get(0).answers());
        assertEquals(4, erasures().erase(List.of(first), NOTHING).get(0).answers());
        for (UUID id : List.of(first, done, waits, batch)) {
            assertEquals(List.of(), answers.ofEvent(id));
        }
        Event other = eventLog.find("site", "done").orElseThrow();
        assertNull(other.result());
        assertNull(other.erasedAt());
        assertTrue(new String(other.payload(), StandardCharsets.UTF_8).contains("ada"), "what it was sent is its own");
        assertEquals(
                "{\"done\":1}", eventLog.find("site", "batch").orElseThrow().result());
        assertEquals(List.of(ANSWER), kept(answers, unasked));
        assertEquals(
                ANSWER.answer(), eventLog.find("site", "unasked").orElseThrow().result());
        UUID next = addComment("next", "ada");
        assertEquals(Optional.empty(), answers.reuse(next, "moderate_comment", "the question", Instant.EPOCH));
    }

    @Test
    void no_answer_is_used_again_for_an_event_that_is_erased() {
        AnswerLog answers = new AnswerLog(dataSource, Clock.systemUTC());
        answered("first", "the question");
        UUID erased = addComment("erased", "ada");
        erasures().erase(List.of(erased), NOTHING);
        assertThrows(
                PermanentFailure.class, () -> answers.reuse(erased, "moderate_comment", "the question", Instant.EPOCH));
        assertEquals(List.of(), answers.ofEvent(erased));
    }

    @Test
    void an_answer_that_is_being_erased_is_not_used_again() throws Exception {
        AnswerLog answers = new AnswerLog(dataSource, Clock.systemUTC());
        UUID first = answered("first", "the question");
        UUID second = addComment("second", "ada");
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            List<Future<Optional<Answer>>> reusing = new ArrayList<>();
            erasures().erase(List.of(first), ids -> {
                CountDownLatch begun = new CountDownLatch(1);
                reusing.add(other.submit(() -> {
                    begun.countDown();
                    return answers.reuse(second, "moderate_comment", "the question", Instant.EPOCH);
                }));
                countedDown(begun);
            });
            assertEquals(Optional.empty(), reusing.get(0).get());
            assertEquals(List.of(), answers.ofEvent(second));
        } finally {
            other.shutdownNow();
        }
    }

    private Erasures erasures() {
        return new Erasures(dataSource, Clock.systemUTC());
    }

    private static boolean isOfAda(Event event) {
        return new String(event.payload(), StandardCharsets.UTF_8).contains("ada");
    }

    @Test
    void of_an_erased_event_its_key_its_status_and_its_times_are_left_and_nothing_else() {
        UUID id = addComment("key", "ada");
        attempts.retryLater(claim(id), Instant.now(), "Ada's server is ill");
        AnswerLog answers = new AnswerLog(dataSource, Clock.systemUTC());
        answers.keep(id, new Answer("moderate_comment", "local", "a model", "{\"reason\":\"Ada\"}"));
        attempts.finish(claim(id), "{\"reason\":\"Ada\"}", "applied");
        Event before = eventLog.find("site", "key").orElseThrow();
        List<Erasures.Erased> preview = erasures().preview(List.of(id));
        assertEquals(List.of(new Erasures.Erased(id, "site", "key", "comment.created", "done", true, 1, 1)), preview);
        assertArrayEquals(
                before.payload(), eventLog.find("site", "key").orElseThrow().payload());
        List<UUID> told = new ArrayList<>();
        assertEquals(preview, erasures().erase(List.of(id), told::addAll));
        assertEquals(List.of(id), told);
        Event erased = eventLog.find("site", "key").orElseThrow();
        assertEquals("{}", new String(erased.payload(), StandardCharsets.UTF_8));
        assertNull(erased.result());
        assertNull(erased.error());
        assertTrue(answers.find(id, "moderate_comment").isEmpty());
        assertNull(eventLog.attempts(id).get(0).error());
        assertEquals("done", erased.status());
        assertEquals(before.receivedAt(), erased.receivedAt());
        assertEquals(before.finishedAt(), erased.finishedAt());
        assertEquals("applied", erased.callBack());
        assertFalse(erased.erasedAt().isBefore(erased.finishedAt()));
        assertEquals(
                erased.erasedAt(),
                pages.newest(new EventQuery(null, null, null, null, null, null), 1)
                        .events()
                        .get(0)
                        .erasedAt());
        assertEquals(
                List.of(new Erasures.Erased(id, "site", "key", "comment.created", "done", false, 0, 0)),
                erasures().erase(List.of(id), NOTHING),
                "again, there is nothing more to erase");
        assertEquals(
                erased.erasedAt(), eventLog.find("site", "key").orElseThrow().erasedAt());
    }

    @Test
    void an_erased_event_is_not_worked_on_any_more_wherever_it_was() {
        UUID waiting = addComment("waits in the outbox", "ada");
        erasures().erase(List.of(waiting), NOTHING);
        assertEquals(List.of(), dispatchAll());
        UUID sent = addComment("waits in the queue", "ada");
        UUID later = addComment("waits for a later try", "ada");
        UUID dead = addDead("dead");
        dispatchAll();
        attempts.retryLater(claim(later), Instant.now().minusSeconds(1), "reason");
        List<UUID> all = List.of(sent, later, dead);
        erasures().erase(all, NOTHING);
        for (UUID id : List.of(waiting, sent, later, dead)) {
            assertTrue(claims.claim(id, null).isEmpty());
            assertTrue(claims.claimDeadLetter(id).isEmpty());
            assertFalse(replays.replay(id, true, "a test", NOTHING));
        }
        assertEquals(
                List.of(),
                replays.replay(new EventQuery(null, null, null, null, null, null), null, 10, "a test", NOTHING)
                        .events());
        assertEquals(0, claims.redispatchStranded(Instant.now().plusSeconds(60)));
        assertEquals(List.of(), dispatchAll());
        assertEquals(
                0,
                new WaitingEvents(dataSource, Clock.systemUTC()).read().ofAll().dead());
        Event ended = eventLog.find("site", "waits in the queue").orElseThrow();
        assertEquals("error", ended.status());
        assertTrue(ended.error().startsWith("erased"), ended.error());
        assertEquals(ended.erasedAt(), ended.finishedAt());
        assertFalse(eventLog.add(event("site", "waits in the queue", "{}")), "its key is known");
    }

    @Test
    void a_worker_that_held_the_event_when_it_was_erased_writes_nothing_of_it_any_more() {
        UUID id = addComment("key", "ada");
        dispatchAll();
        Event held = claim(id);
        erasures().erase(List.of(id), NOTHING);
        AnswerLog answers = new AnswerLog(dataSource, Clock.systemUTC());
        Answer answer = new Answer("moderate_comment", "local", "a model", "{\"reason\":\"Ada\"}");
        assertThrows(PermanentFailure.class, () -> answers.keep(id, answer));
        assertTrue(answers.find(id, "moderate_comment").isEmpty());
        assertFalse(attempts.finish(held, "{\"reason\":\"Ada\"}", "applied"));
        assertFalse(attempts.giveUp(held, "Ada"));
        assertFalse(attempts.retryLater(held, Instant.now(), "Ada"));
        assertFalse(attempts.holdBack(held, Instant.now(), "Ada", 0));
        Event erased = eventLog.find("site", "key").orElseThrow();
        assertNull(erased.result());
        assertEquals(List.of(), eventLog.attempts(id));
    }

    @Test
    void an_answer_that_comes_while_its_event_is_erased_waits_and_is_not_kept() throws Exception {
        UUID id = addComment("key", "ada");
        AnswerLog answers = new AnswerLog(dataSource, Clock.systemUTC());
        Answer answer = new Answer("moderate_comment", "local", "a model", "{\"reason\":\"Ada\"}");
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try {
            List<Future<Answer>> keeping = new ArrayList<>();
            erasures().erase(List.of(id), ids -> {
                CountDownLatch begun = new CountDownLatch(1);
                keeping.add(worker.submit(() -> {
                    begun.countDown();
                    return answers.keep(id, answer);
                }));
                countedDown(begun);
            });
            ExecutionException failure =
                    assertThrows(ExecutionException.class, () -> keeping.get(0).get());
            assertTrue(failure.getCause() instanceof PermanentFailure, failure::toString);
            assertTrue(answers.find(id, "moderate_comment").isEmpty());
        } finally {
            worker.shutdownNow();
        }
    }

    @Test
    void an_erasure_that_fails_before_its_commit_changes_nothing() {
        UUID id = addComment("key", "ada");
        assertThrows(IllegalStateException.class, () -> erasures().erase(List.of(id), ids -> {
            throw new IllegalStateException("stopped");
        }));
        assertNull(eventLog.find("site", "key").orElseThrow().erasedAt());
        assertEquals(1, dispatchAll().size());
    }

    @Test
    void the_events_of_a_person_are_found_page_by_page_and_those_that_are_erased_no_more() {
        List<UUID> ofAda = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            ofAda.add(addComment("ada-" + number, "ada"));
            addComment("bob-" + number, "bob");
        }
        erasures().erase(List.of(ofAda.remove(0)), NOTHING);
        List<UUID> found = new ArrayList<>();
        UUID after = null;
        int pages = 0;
        do {
            Erasures.Page page = erasures().find(EventLogContract::isOfAda, "site", after, 3);
            found.addAll(page.found());
            after = page.last();
            pages++;
        } while (after != null);
        assertEquals(ofAda, found);
        assertEquals(4, pages);
        assertEquals(
                List.of(),
                erasures().find(event -> true, "another site", null, 3).found());
        assertEquals(List.of(), erasures().erase(List.of(), NOTHING));
    }

    @Test
    void a_query_narrows_by_each_of_its_parts_and_takes_a_search_literally() {
        UUID dead = add("50%-off");
        add("50-percent-off");
        attempts.giveUp(claim(dead), "no connection: refused");
        assertEquals(List.of("50-percent-off", "50%-off"), keys(new EventQuery(null, null, null, null, null, null)));
        assertEquals(List.of("50%-off"), keys(new EventQuery("error", null, null, null, null, null)));
        assertEquals(List.of("50%-off"), keys(new EventQuery(null, null, null, null, null, "0%-")));
        assertEquals(List.of("50%-off"), keys(new EventQuery(null, "post.published", "site", null, null, "refused")));
        assertEquals(List.of(), keys(new EventQuery(null, "comment.created", null, null, null, null)));
        assertEquals(List.of(), keys(new EventQuery(null, null, "another site", null, null, null)));
        assertEquals(List.of(), keys(received(hours(1), null)));
        assertEquals(List.of(), keys(received(null, hours(-1))));
        assertEquals(2, keys(received(hours(-1), hours(1))).size());
        OffsetDateTime first = eventLog.find("site", "50%-off").orElseThrow().receivedAt();
        assertEquals(2, keys(received(first, null)).size(), "since is the first moment");
        assertEquals(List.of(), keys(received(null, first)), "until is the first moment after");
    }

    private static EventQuery received(OffsetDateTime since, OffsetDateTime until) {
        return new EventQuery(null, null, null, since, until, null);
    }

    private static OffsetDateTime hours(int later) {
        return OffsetDateTime.now().plusHours(later);
    }

    private List<String> keys(EventQuery query) {
        return pages.newest(query, 10).events().stream()
                .map(EventQuery.Row::key)
                .toList();
    }

    private static List<Answer> kept(AnswerLog answers, UUID event) {
        return answers.ofEvent(event).stream().map(AnswerLog.Kept::answer).toList();
    }

    private static <T> List<T> together(Callable<T> call) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : callers.invokeAll(Collections.nCopies(CALLERS, call))) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            callers.shutdownNow();
        }
    }
}

package routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.Answer;
import events.AnswerLog;
import events.AttemptLog;
import events.Claims;
import events.Event;
import events.EventLog;
import events.Lease;
import events.ReceivedEvent;
import events.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import operations.DatabaseMigration;
import operations.RelayMetrics;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.NoErrorHandlerBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The retention, on each database: what is forgotten, what never is, and by how many relays at once. */
class PruneEventsTest {
    private static final OffsetDateTime LONG_AGO = OffsetDateTime.now().minusDays(31);

    @TempDir
    Path directory;

    private final List<Relay> relays = new ArrayList<>();
    private HikariDataSource dataSource;
    private EventLog eventLog;
    private Claims claims;
    private AttemptLog attempts;

    /** As much of a relay as prunes. */
    private record Relay(CamelContext context, SimpleMeterRegistry meters) {
        void prune() {
            context.createProducerTemplate().sendBody("direct:prune-events", null);
        }

        double pruned() {
            return meters.counter("relay.pruned").count();
        }
    }

    private void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        eventLog = new EventLog(dataSource, Clock.systemUTC());
        claims = new Claims(dataSource, Clock.systemUTC());
        attempts = new AttemptLog(dataSource, Clock.systemUTC());
    }

    private Relay relay() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        DatabaseMigration tables = new DatabaseMigration(dataSource, "the tests' own");
        CamelContext context = new DefaultCamelContext();
        // As in the relay, where a route that says nothing else lets failures through.
        context.getCamelContextExtension().setErrorHandlerFactory(new NoErrorHandlerBuilder());
        context.getRegistry().bind("dataSource", dataSource);
        context.getRegistry().bind("pruneLease", new Lease(dataSource, "prune"));
        context.getRegistry().bind("metrics", new RelayMetrics(meters));
        context.getRegistry().bind("tables", tables);
        context.getPropertiesComponent().addInitialProperty("relay.retention.days", "30");
        context.addService(tables, true, true);
        context.addRoutes(new PruneEvents());
        AdviceWith.adviceWith(context, "prune-events", route -> route.replaceFromWith("direct:prune-events"));
        context.start();
        await().until(tables::isDone);
        Relay relay = new Relay(context, meters);
        relays.add(relay);
        return relay;
    }

    @AfterEach
    void close() {
        relays.forEach(relay -> relay.context.stop());
        dataSource.close();
    }

    private UUID add(String key, OffsetDateTime received) {
        UUID id = new UUID(
                received.toInstant().toEpochMilli() << 16 | 0x7000,
                UUID.randomUUID().getLeastSignificantBits());
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
        assertTrue(eventLog.add(new ReceivedEvent(id, "site", key, "post.published", payload, "request", null)));
        return id;
    }

    private Event claim(UUID id) {
        return claims.claim(id, null).orElseThrow();
    }

    private UUID finished(String key, OffsetDateTime received, OffsetDateTime finished) {
        UUID id = add(key, received);
        attempts.retryLater(claim(id), Instant.now(), "the site did not answer");
        attempts.finish(claim(id), "{}", null);
        setFinished(id, finished);
        return id;
    }

    private void setFinished(UUID id, OffsetDateTime finished) {
        database().update("UPDATE relay_event SET finished_at = ? WHERE id = ?", finished, id);
    }

    private void addFinished(int number) {
        database()
                .batchUpdate(
                        """
                INSERT INTO relay_event
                    (id, site, idempotency_key, event, payload, request_id, status, received_at, finished_at)
                VALUES (?, 'site', ?, 'post.published', ?, 'request', 'done', ?, ?)""",
                        IntStream.range(0, number)
                                .mapToObj(each -> new Object[] {
                                    new UUID(LONG_AGO.toInstant().toEpochMilli() + each << 16 | 0x7000, Long.MIN_VALUE),
                                    "old-" + each,
                                    new byte[] {'{', '}'},
                                    LONG_AGO,
                                    LONG_AGO
                                })
                                .toList());
    }

    private JdbcTemplate database() {
        return new JdbcTemplate(dataSource);
    }

    private int count(String table) {
        return database().queryForObject("SELECT count(*) FROM " + table, Integer.class);
    }

    private Set<String> keys() {
        return new TreeSet<>(database().queryForList("SELECT idempotency_key FROM relay_event", String.class));
    }

    @ParameterizedTest
    @EnumSource
    void finished_events_past_their_retention_are_forgotten_with_all_that_belongs_to_them(TestDatabase database)
            throws Exception {
        open(database);
        UUID old = finished("old", LONG_AGO, LONG_AGO);
        new AnswerLog(dataSource, Clock.systemUTC()).keep(old, new Answer("enrich_post", "local", "m", "{}"));
        finished(
                "recent",
                OffsetDateTime.now().minusDays(29),
                OffsetDateTime.now().minusDays(29));
        Relay relay = relay();
        relay.prune();
        assertEquals(Set.of("recent"), keys());
        assertEquals(1, count("relay_attempt"));
        assertEquals(0, count("relay_answer"));
        assertEquals(1, relay.pruned());
        assertTrue(eventLog.add(
                new ReceivedEvent(EventLog.nextId(), "site", "old", "post.published", new byte[0], "request", null)));
    }

    @ParameterizedTest
    @EnumSource
    void unfinished_and_dead_events_are_never_forgotten(TestDatabase database) throws Exception {
        open(database);
        UUID dead = add("dead", LONG_AGO);
        attempts.giveUp(claim(dead), "reason");
        setFinished(dead, LONG_AGO);
        add("queued", LONG_AGO);
        claim(add("processing", LONG_AGO));
        attempts.retryLater(claim(add("waiting", LONG_AGO)), Instant.now(), "reason");
        relay().prune();
        assertEquals(new TreeSet<>(Set.of("dead", "processing", "queued", "waiting")), keys());
    }

    @ParameterizedTest
    @EnumSource
    void an_event_that_came_long_ago_and_was_replayed_lately_stays_and_is_in_nobodys_way(TestDatabase database)
            throws Exception {
        open(database);
        finished("replayed", LONG_AGO, OffsetDateTime.now().minusDays(1));
        finished("old", LONG_AGO.plusMinutes(1), LONG_AGO.plusHours(1));
        relay().prune();
        assertEquals(Set.of("replayed"), keys());
    }

    @ParameterizedTest
    @EnumSource
    void all_batches_are_pruned_in_one_go_and_the_lease_is_free_afterwards(TestDatabase database) throws Exception {
        open(database);
        addFinished(1201);
        relay().prune();
        assertEquals(0, count("relay_event"));
        assertTrue(new Lease(dataSource, "prune").take());
    }

    @ParameterizedTest
    @EnumSource
    void two_relays_at_once_forget_each_event_once_and_only_one_of_them_prunes(TestDatabase database) throws Exception {
        open(database);
        addFinished(1200);
        Relay one = relay();
        Relay two = relay();
        CompletableFuture.allOf(CompletableFuture.runAsync(one::prune), CompletableFuture.runAsync(two::prune))
                .join();
        assertEquals(0, count("relay_event"));
        assertEquals(1200, one.pruned() + two.pruned());
        assertEquals(0, Math.min(one.pruned(), two.pruned()));
    }

    @ParameterizedTest
    @EnumSource
    void a_relay_that_holds_the_lease_no_more_stops(TestDatabase database) throws Exception {
        open(database);
        addFinished(2000);
        Relay relay = relay();
        CompletableFuture<Void> pruning = CompletableFuture.runAsync(relay::prune);
        await().until(() -> count("relay_event") < 2000);
        database().update("UPDATE relay_lease SET held_until = CURRENT_TIMESTAMP + INTERVAL '1' HOUR");
        pruning.join();
        assertTrue(count("relay_event") > 0);
    }

    @ParameterizedTest
    @EnumSource
    void pruning_that_fails_goes_on_another_time(TestDatabase database) throws Exception {
        open(database);
        addFinished(10);
        Relay relay = relay();
        database().execute("ALTER TABLE relay_event RENAME TO elsewhere");
        relay.prune();
        database().execute("ALTER TABLE elsewhere RENAME TO relay_event");
        assertEquals(10, count("relay_event"));
        database().update("UPDATE relay_lease SET held_until = CURRENT_TIMESTAMP");
        relay.prune();
        assertEquals(0, count("relay_event"));
    }

    @ParameterizedTest
    @EnumSource
    void a_relay_that_stops_does_not_finish_pruning_first_and_leaves_the_lease_to_others(TestDatabase database)
            throws Exception {
        open(database);
        addFinished(20_000);
        Relay relay = relay();
        CompletableFuture<Void> pruning = CompletableFuture.runAsync(relay::prune);
        await().until(() -> count("relay_event") < 20_000);
        long start = System.nanoTime();
        relay.context.stop();
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 5);
        pruning.join();
        assertTrue(count("relay_event") > 0);
        assertTrue(new Lease(dataSource, "prune").take());
    }
}

package upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.AnswerLog;
import events.AttemptLog;
import events.BatchItems;
import events.Claims;
import events.Event;
import events.EventLog;
import events.Outbox;
import events.QueuedEvent;
import events.ReceivedEvent;
import events.Replays;
import events.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import wordpress.SitePauses;

/** The data of each earlier version of the tables, in both databases, under this one: all of it is there and goes on. */
class UpgradeTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path directory;

    static List<Arguments> earlierVersions() throws IOException {
        List<Arguments> all = new ArrayList<>();
        for (String version : OldTables.versions()) {
            for (TestDatabase database : TestDatabase.values()) {
                all.add(Arguments.of(database, version));
            }
        }
        return all;
    }

    @ParameterizedTest(name = "{0} from version {1}")
    @MethodSource("earlierVersions")
    void what_an_earlier_version_has_recorded_goes_on_under_this_one(TestDatabase kind, String version)
            throws Exception {
        try (HikariDataSource database = kind.open(directory)) {
            OldTables tables = OldTables.of(database, version);
            OldEvents old = new OldEvents(tables);
            old.write();
            Set<String> known = new HashSet<>();
            for (String table : List.of("relay_batch_item", "relay_pause")) {
                if (tables.has(table)) {
                    known.add(table);
                }
            }
            tables.migrate();

            keysAreDuplicates(new EventLog(database, CLOCK), old);
            waitingEventsAreFinished(database, old);
            theDeadOneIsReplayedAndNotAskedAboutAgain(database, old);
            if (known.contains("relay_batch_item")) {
                assertEquals(
                        List.of(12L),
                        new BatchItems(database, CLOCK)
                                .next(old.id("half-done"), 10).stream()
                                        .map(BatchItems.Item::id)
                                        .toList());
            }
            assertEquals(known.contains("relay_pause"), new SitePauses(database, CLOCK).isPaused("paused"));
        }
    }

    private static void keysAreDuplicates(EventLog eventLog, OldEvents old) {
        old.all()
                .keySet()
                .forEach(key -> assertFalse(
                        eventLog.add(new ReceivedEvent(
                                EventLog.nextId(), "default", key, "comment.created", new byte[] {1}, "request", null)),
                        key));
        Event done = eventLog.find("default", "done").orElseThrow();
        assertEquals("{\"verdict\":\"hold\"}", done.result());
        Event dead = eventLog.find("default", "dead").orElseThrow();
        assertEquals("WordPress answered 404", dead.error());
        assertEquals("WordPress was away", eventLog.attempts(dead.id()).get(0).error());
    }

    private static void waitingEventsAreFinished(HikariDataSource database, OldEvents old) {
        Claims claims = new Claims(database, CLOCK);
        AttemptLog attempts = new AttemptLog(database, CLOCK);
        assertEquals(3, claims.redispatchStranded(Instant.now().minus(Duration.ofMinutes(5))));
        Map<String, UUID> dispatched = new HashMap<>();
        dispatchAll(database).forEach(event -> dispatched.put(event.key(), event.id()));
        assertEquals(
                Set.of("waits-in-outbox", "waits-in-queue", "in-hand", "waits-for-retry", "half-done"),
                dispatched.keySet());
        for (UUID id : dispatched.values()) {
            assertTrue(attempts.finish(claims.claim(id, null).orElseThrow(), "{}", "applied"));
        }
        assertEquals(
                "done",
                new EventLog(database, CLOCK)
                        .find("default", "waits-for-retry")
                        .orElseThrow()
                        .status());
        assertTrue(claims.claim(old.id("done"), null).isEmpty());
    }

    private static void theDeadOneIsReplayedAndNotAskedAboutAgain(HikariDataSource database, OldEvents old) {
        UUID dead = old.id("dead");
        assertTrue(new Replays(database, CLOCK).replay(dead, false, "a test", ids -> {}));
        assertEquals(
                List.of(dead),
                dispatchAll(database).stream().map(QueuedEvent::id).toList());
        Event claimed = new Claims(database, CLOCK).claim(dead, null).orElseThrow();
        assertTrue(new AnswerLog(database, CLOCK).find(dead, "moderate_comment").isPresent());
        assertTrue(new AttemptLog(database, CLOCK).finish(claimed, "{}", "applied"));
    }

    private static List<QueuedEvent> dispatchAll(HikariDataSource database) {
        Outbox outbox = new Outbox(database, CLOCK);
        return new TransactionTemplate(new DataSourceTransactionManager(database)).execute(status -> {
            List<QueuedEvent> waiting = outbox.lock(100);
            outbox.markDispatched(waiting);
            return waiting;
        });
    }
}

package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariDataSource;
import events.EventLog;
import events.ReceivedEvent;
import events.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is used adds up, on each database. */
class UsageLogTest {
    private static final LocalDate DAY = LocalDate.of(2026, 1, 31);
    private static final int WORKERS = 16;

    @TempDir
    Path directory;

    private HikariDataSource dataSource;
    private UsageLog log;

    private void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        log = new UsageLog(dataSource);
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private UUID event() {
        UUID id = EventLog.nextId();
        new EventLog(dataSource, Clock.systemUTC())
                .add(new ReceivedEvent(id, "site", id.toString(), "comment.created", new byte[0], "request", null));
        return id;
    }

    private UsageLog.Account account(String site, boolean isAnonymous) {
        return new UsageLog.Account(DAY, site, "openai", isAnonymous, event());
    }

    private static Usage used(long in, long out, String cost) {
        return new Usage(1, in, out, new BigDecimal(cost));
    }

    private static void assertUsage(Usage expected, Usage found) {
        assertEquals(
                List.of(expected.requests(), expected.tokensIn(), expected.tokensOut()),
                List.of(found.requests(), found.tokensIn(), found.tokensOut()));
        assertEquals(0, expected.cost().compareTo(found.cost()), found::toString);
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void what_is_used_adds_up_for_its_event_and_for_its_day_and_site(TestDatabase database) throws Exception {
        open(database);
        UsageLog.Account comment = account("site", true);
        log.add(comment, used(100, 20, "0.000000123"));
        log.add(comment, new Usage(1, -40, 5, new BigDecimal("-0.000000023")));
        log.add(account("site", false), used(1000, 0, "1.5"));
        log.add(account("another", true), used(7, 0, "0"));
        assertUsage(new Usage(2, 60, 25, new BigDecimal("0.0000001")), log.of(comment.event()));
        assertUsage(Usage.NONE, log.of(event()));
        assertEquals(new UsageLog.Used(1085, 85, 1092, 92), log.used(DAY, "site"));
        assertEquals(new UsageLog.Used(0, 0, 0, 0), log.used(DAY.plusDays(1), "site"));
        for (LocalDate day : List.of(DAY.minusDays(1), DAY, DAY.plusDays(1))) {
            for (String site : List.of("site", "another", "idle")) {
                assertEquals(log.used(day, site), log.used(day).apply(site), "read for all sites at once");
            }
        }
        List<UsageLog.OfDay> days = log.days(null, DAY, 10);
        assertEquals(
                List.of("another", "site"),
                days.stream().map(UsageLog.OfDay::site).toList());
        assertUsage(
                new Usage(3, 1060, 25, new BigDecimal("1.5000001")), days.get(1).usage());
        assertEquals(85, days.get(1).anonymous());
        assertEquals(1, log.days("site", DAY, 10).size());
        assertEquals(1, log.days(null, DAY, 1).size());
        assertEquals(List.of(), log.days(null, DAY.plusDays(1), 10));
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void of_an_event_that_is_forgotten_the_day_remembers_the_use(TestDatabase database) throws Exception {
        open(database);
        UsageLog.Account account = account("site", true);
        log.add(account, used(100, 20, "1"));
        JdbcClient.create(dataSource)
                .sql("DELETE FROM relay_event WHERE id = ?")
                .param(account.event())
                .update();
        assertUsage(Usage.NONE, log.of(account.event()));
        assertEquals(120, log.used(DAY, "site").total());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void days_are_kept_for_more_than_a_year(TestDatabase database) throws Exception {
        open(database);
        for (int days : new int[] {0, 400, 401}) {
            UsageLog.Account account = account("site", true);
            log.add(new UsageLog.Account(DAY.plusDays(days), "site", "openai", true, account.event()), used(1, 1, "1"));
        }
        assertEquals(
                List.of(DAY.plusDays(401), DAY.plusDays(400)),
                log.days(null, DAY, 10).stream().map(UsageLog.OfDay::day).toList());
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void many_workers_at_the_edge_take_no_more_than_there_is(TestDatabase database) throws Exception {
        open(database);
        long cap = 1000;
        // Two relays: what one of them knows the other does not.
        List<Budget> relays = List.of(budget(cap), budget(cap));
        Callable<Integer> worker = () -> {
            int taken = 0;
            while (isTaken(relays.get(taken % 2))) {
                taken++;
            }
            return taken;
        };
        ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
        try {
            int taken = 0;
            for (Future<Integer> future : workers.invokeAll(Collections.nCopies(WORKERS, worker))) {
                taken += future.get();
            }
            assertEquals(cap / 30, taken);
            assertEquals(taken * 30L, log.used(DAY, "site").total());
        } finally {
            workers.shutdownNow();
        }
    }

    private Budget budget(long cap) {
        return new Budget(new UsageLog(dataSource), site -> Caps.of(cap, null, 0), Clock.systemUTC());
    }

    private boolean isTaken(Budget budget) {
        try {
            return budget.take(account("site", false), used(30, 0, "0"));
        } catch (BudgetSpent e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(TestDatabase.class)
    void what_a_check_refuses_is_not_taken(TestDatabase database) throws Exception {
        open(database);
        UsageLog.Account account = account("site", true);
        log.take(account, used(10, 0, "1"), used -> assertEquals(0, used.total()));
        assertThrows(
                IllegalStateException.class,
                () -> log.take(account, used(10, 0, "1"), used -> {
                    assertEquals(10, used.total());
                    throw new IllegalStateException("no");
                }));
        assertEquals(10, log.used(DAY, "site").total());
        assertUsage(used(10, 0, "1"), log.of(account.event()));
    }
}

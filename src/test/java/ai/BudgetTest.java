package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import events.EventLog;
import events.MovableClock;
import events.ReceivedEvent;
import events.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Who may use how much in a day. */
class BudgetTest {
    private final MovableClock clock = new MovableClock();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private HikariDataSource dataSource;
    private Caps caps = Caps.of(1000, null, 0);
    private Budget budget;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        dataSource = TestDatabase.H2.create(directory);
        budget = new Budget(new UsageLog(dataSource), site -> caps, clock);
        logged.start();
        logger().addAppender(logged);
    }

    @AfterEach
    void close() {
        logger().detachAppender(logged);
        dataSource.close();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Budget.class);
    }

    private boolean take(String site, boolean isAnonymous, long tokens) {
        UUID id = EventLog.nextId();
        new EventLog(dataSource, Clock.systemUTC())
                .add(new ReceivedEvent(id, site, id.toString(), "comment.created", new byte[0], "request", null));
        return budget.take(
                new UsageLog.Account(budget.today(), site, "openai", isAnonymous, id),
                new Usage(1, tokens, 0, BigDecimal.ZERO));
    }

    private BudgetSpent refused(String site, boolean isAnonymous, long tokens) {
        return assertThrows(BudgetSpent.class, () -> take(site, isAnonymous, tokens));
    }

    private List<String> warnings() {
        return logged.list.stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void without_a_cap_nothing_is_taken() {
        caps = Caps.of(0, null, 0);
        assertFalse(take("site", true, 1_000_000));
        assertEquals(0, new UsageLog(dataSource).used(budget.today(), "site").total());
        assertEquals(List.of(), budget.scopeNames("site"));
    }

    @Test
    void a_site_uses_what_it_may_and_another_its_own() {
        assertTrue(take("site", false, 1000));
        BudgetSpent refused = refused("site", false, 1);
        assertTrue(refused.getMessage().contains("site 'site' (AI_DAILY_TOKENS"), refused.getMessage());
        assertTrue(refused.getMessage().contains("1000 tokens, of which 1000 are used"), refused.getMessage());
        assertTrue(refused.getMessage().contains("tomorrow"), refused.getMessage());
        assertFalse(refused.isInVain());
        assertTrue(take("another", false, 1000));
    }

    @Test
    void it_goes_on_when_the_next_day_begins() {
        take("site", false, 1000);
        BudgetSpent refused = refused("site", false, 10);
        Instant midnight = Instant.parse("2026-02-01T00:00:00Z");
        assertFalse(refused.until().isBefore(midnight));
        assertTrue(refused.until().isBefore(midnight.plusSeconds(10)));
        clock.advance(Duration.between(clock.instant(), midnight));
        assertTrue(take("site", false, 10));
    }

    @Test
    void visitors_cannot_use_up_what_editors_need() {
        assertTrue(take("site", true, 500));
        BudgetSpent refused = refused("site", true, 1);
        assertTrue(refused.getMessage().contains("what anonymous visitors of site 'site' cause"), refused.getMessage());
        assertTrue(take("site", false, 500));
        refused("site", false, 1);
    }

    @Test
    void what_editors_have_used_visitors_cannot_use_again() {
        assertTrue(take("site", false, 900));
        refused("site", true, 101);
        assertTrue(take("site", true, 100));
    }

    @Test
    void all_sites_together_have_a_cap_and_visitors_of_all_have_half_of_it() {
        caps = Caps.of(0, null, 1000);
        assertTrue(take("a", true, 300));
        assertTrue(take("b", true, 200));
        assertTrue(refused("c", true, 1).getMessage().contains("what anonymous visitors of all sites cause"));
        assertTrue(take("c", false, 500));
        BudgetSpent refused = refused("a", false, 1);
        assertTrue(refused.getMessage().contains("all sites (AI_DAILY_TOKENS_TOTAL)"), refused.getMessage());
    }

    @Test
    void visitors_may_have_a_part_of_their_own_or_all() {
        assertEquals(new Caps(1000, 500, 2000, 1000), Caps.of(1000, null, 2000));
        assertEquals(new Caps(1000, 200, 2000, 1000), Caps.of(1000, 200L, 2000));
        assertEquals(new Caps(1000, 0, 2000, 0), Caps.of(1000, 0L, 2000));
        assertEquals(new Caps(1, 1, 0, 0), Caps.of(1, null, 0));
    }

    @Test
    void what_no_day_has_enough_for_does_not_wait_for_the_next() {
        BudgetSpent refused = refused("site", false, 1001);
        assertTrue(refused.isInVain());
        assertTrue(refused.getMessage().contains("needs about 1001: raise it"), refused.getMessage());
        assertTrue(take("site", false, 1000));
    }

    @Test
    void it_is_said_once_a_day_that_most_is_used_and_that_all_is() {
        take("site", false, 700);
        assertEquals(List.of(), warnings());
        take("site", false, 100);
        take("site", false, 50);
        assertEquals(1, warnings().size());
        assertTrue(warnings().get(0).startsWith("80 % of today's AI budget for site 'site'"), warnings()::toString);
        refused("site", false, 500);
        refused("site", false, 500);
        assertEquals(2, warnings().size());
        assertTrue(warnings().get(1).startsWith("All of today's AI budget for site 'site'"), warnings()::toString);
        clock.advance(Duration.ofDays(1));
        take("site", false, 900);
        assertEquals(3, warnings().size());
    }

    @Test
    void what_is_left_can_be_seen() {
        take("site", true, 300);
        assertEquals(List.of("site", "anonymous"), budget.scopeNames("site"));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        new BudgetGauges(meters, budget, Runnable::run).show(List.of("site"));
        assertEquals(700, gauge(meters, "left", "site"));
        assertEquals(200, gauge(meters, "left", "anonymous"));
        assertEquals(1000, gauge(meters, "cap", "site"));
        assertNull(meters.find("relay.ai.budget.left").tag("scope", "total").gauge());
        dataSource.close();
        SimpleMeterRegistry away = new SimpleMeterRegistry();
        new BudgetGauges(away, budget, Runnable::run).show(List.of("site"));
        assertTrue(Double.isNaN(gauge(away, "left", "site")));
    }

    private static double gauge(MeterRegistry meters, String name, String scope) {
        return meters.get("relay.ai.budget." + name)
                .tags("scope", scope, "site", "site")
                .gauge()
                .value();
    }
}

package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import events.EventLog;
import events.MovableClock;
import events.ReceivedEvent;
import events.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an ask is put down as, whatever becomes of it. */
class SpendingTest {
    /** 100 tokens, by its length. */
    private static final String REQUEST = "x".repeat(396);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final UUID event = EventLog.nextId();
    private HikariDataSource dataSource;
    private UsageLog log;
    private long cap;

    @BeforeEach
    void open(@TempDir Path directory) throws Exception {
        dataSource = TestDatabase.H2.create(directory);
        log = new UsageLog(dataSource);
        new EventLog(dataSource, Clock.systemUTC())
                .add(new ReceivedEvent(event, "site", "key", "comment.created", new byte[0], "request", null));
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private Spending spending() {
        return spending(log);
    }

    private Spending spending(UsageLog usage) {
        Budget budget = new Budget(usage, site -> Caps.of(cap, 0L, 0), new MovableClock());
        Prices prices = new Prices(new BigDecimal("0.15"), new BigDecimal("0.6"));
        return new Spending(usage, budget, prices, "comment.created"::equals, meters);
    }

    private Exchange exchange() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        Spent.begin(exchange);
        exchange.getMessage().setHeader("RelayId", event.toString());
        exchange.getMessage().setHeader("RelaySite", "site");
        exchange.getMessage().setHeader("RelayEvent", "comment.created");
        exchange.getMessage().setHeader("RelayAiProvider", "openai");
        exchange.getMessage().setBody(REQUEST);
        return exchange;
    }

    private Exchange failedWith(Exception failure) {
        Exchange exchange = exchange();
        spending().reserve(exchange);
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        spending().settle(exchange, false);
        return exchange;
    }

    private void assertUsage(long requests, long in, long out, String cost) {
        Usage usage = log.of(event);
        assertEquals(requests, usage.requests());
        assertEquals(in, usage.tokensIn());
        assertEquals(out, usage.tokensOut());
        assertEquals(0, new BigDecimal(cost).compareTo(usage.cost()), usage::toString);
    }

    @Test
    void what_the_server_says_is_put_down_once() {
        Exchange exchange = exchange();
        spending().reserve(exchange);
        Spent.count(exchange, 120, 30);
        spending().settle(exchange, true);
        spending().settle(exchange, false);
        assertUsage(1, 120, 30, "0.000036");
        assertEquals(120, meters.counter("relay.ai.tokens", "kind", "in").count());
        assertEquals(
                0.000036,
                meters.counter("relay.ai.cost", "provider", "openai", "site", "site")
                        .count(),
                1e-12);
    }

    @Test
    void several_requests_of_one_ask_add_up() {
        Exchange exchange = exchange();
        spending().reserve(exchange);
        Spent.count(exchange, 120, 30);
        spending().reserve(exchange);
        Spent.count(exchange, 150, 20);
        spending().settle(exchange, true);
        assertUsage(2, 270, 50, "0.0000705");
    }

    @Test
    void with_a_cap_it_is_taken_before_and_made_right_after() {
        cap = 1000;
        Exchange exchange = exchange();
        spending().reserve(exchange);
        assertUsage(1, 100, 0, "0.000015");
        Spent.count(exchange, 40, 3);
        spending().settle(exchange, true);
        assertUsage(1, 40, 3, "0.0000078");
        assertEquals(
                43,
                log.used(new Budget(log, site -> null, new MovableClock()).today(), "site")
                        .anonymous());
    }

    @Test
    void without_a_cap_nothing_is_written_before_it_is_asked() {
        spending().reserve(exchange());
        assertUsage(0, 0, 0, "0");
    }

    @Test
    void a_server_that_does_not_say_is_estimated() {
        Exchange exchange = exchange();
        spending().reserve(exchange);
        spending().settle(exchange, true);
        assertUsage(1, 100, 0, "0.000015");
    }

    @Test
    void what_was_refused_or_never_sent_costs_nothing() {
        cap = 1000;
        failedWith(new HttpOperationFailedException("http://ai", 429, "", null, null, null));
        failedWith(new ConnectException("refused"));
        failedWith(new IllegalStateException("something else"));
        assertUsage(3, 0, 0, "0");
    }

    @Test
    void what_may_be_billed_is_estimated() {
        failedWith(new SocketTimeoutException("no answer"));
        failedWith(new IOException("half an answer"));
        failedWith(new UnusableAnswer("no JSON"));
        assertUsage(3, 300, 0, "0.000045");
    }

    @Test
    void of_a_provider_that_reserves_nothing_its_headers_are_put_down() {
        Exchange exchange = exchange();
        exchange.getMessage().setHeader("RelayAiTokensIn", 7);
        exchange.getMessage().setHeader("RelayAiTokensOut", 5);
        spending().settle(exchange, true);
        spending().settle(exchange, false);
        assertUsage(1, 7, 5, "0.00000405");
    }

    @Test
    void of_a_provider_that_reserves_its_headers_win_over_the_estimate() {
        cap = 1000;
        Exchange exchange = exchange();
        spending().reserve(exchange);
        exchange.getMessage().setHeader("RelayAiTokensIn", 7);
        exchange.getMessage().setHeader("RelayAiTokensOut", 5);
        spending().settle(exchange, true);
        spending().settle(exchange, false);
        assertUsage(1, 7, 5, "0.00000405");
    }

    @Test
    void of_one_that_was_asked_after_another_its_headers_are_put_down_as_well() {
        Exchange exchange = exchange();
        spending().reserve(exchange);
        Spent.count(exchange, 120, 30);
        exchange.getMessage().setHeader("RelayAiProvider", "mine");
        exchange.getMessage().setHeader("RelayAiTokensIn", 7);
        exchange.getMessage().setHeader("RelayAiTokensOut", 5);
        spending().settle(exchange, true);
        assertUsage(2, 127, 35, "0.00004005");
    }

    @Test
    void the_local_ai_costs_nothing_not_even_a_statement() {
        // Whatever was asked of the log would fail.
        Spending spending = spending(null);
        Exchange exchange = exchange();
        spending.settle(exchange, true);
        spending.settle(exchange, false);
        assertUsage(0, 0, 0, "0");
    }
}

package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.JsonParseException;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.CannotCreateTransactionException;

/** What a failed attempt leaves in the event log and in the message that takes its place. */
class FailuresTest {
    @TempDir
    Path directory;

    private final MovableClock clock = new MovableClock();
    private HikariDataSource dataSource;
    private EventLog eventLog;
    private Claims claims;
    private AttemptLog attempts;
    private Failures failures;

    @BeforeEach
    void start() throws Exception {
        dataSource = TestDatabase.H2.create(directory);
        eventLog = new EventLog(dataSource, clock);
        claims = new Claims(dataSource, clock);
        attempts = new AttemptLog(dataSource, clock);
        RetryDelays delays = new RetryDelays(List.of(Duration.ofSeconds(10)), clock);
        failures = new Failures(attempts, delays, clock, text -> text.replace("hunter2", "***"));
    }

    @AfterEach
    void stop() {
        dataSource.close();
    }

    private Event claimed() {
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
        ReceivedEvent event =
                new ReceivedEvent(EventLog.nextId(), "site", "key", "post.published", payload, "request", null);
        assertTrue(eventLog.add(event));
        return claims.claim(event.id(), null).orElseThrow();
    }

    /** As it comes to the failure policy: with headers of an automation and of a sender. */
    private static Exchange failed(Event event, Throwable failure) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(Failures.EVENT, event);
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        exchange.getMessage().setHeader("Authorization", "Basic hunter2");
        exchange.getMessage().setHeader("RelayAiTask", "enrich_post");
        exchange.getMessage().setBody("an answer");
        return exchange;
    }

    private Event logged() {
        return eventLog.find("site", "key").orElseThrow();
    }

    private Duration wait(Exchange exchange) {
        Long deliverAt = exchange.getMessage().getHeader("_AMQ_SCHED_DELIVERY", Long.class);
        return Duration.between(clock.instant(), Instant.ofEpochMilli(deliverAt));
    }

    private static void assertStandsFor(Event event, Exchange exchange, Set<String> more) {
        Map<String, Object> headers = exchange.getMessage().getHeaders();
        assertEquals(event.id().toString(), exchange.getMessage().getBody());
        assertEquals(event.id().toString(), headers.get("RelayId"));
        assertEquals("site", headers.get("RelaySite"));
        assertEquals("key", headers.get("RelayKey"));
        assertEquals("post.published", headers.get("RelayEvent"));
        assertEquals(0, headers.get("RelayReplays"));
        assertTrue(headers.keySet().containsAll(more), headers::toString);
        assertEquals(5 + more.size(), headers.size(), headers::toString);
    }

    @Test
    void a_retry_waits_in_the_queue_and_is_written_down() {
        Event event = claimed();
        Exchange exchange = failed(event, new IOException("reset by hunter2"));
        assertTrue(failures.hasRetryLeft(exchange));
        failures.scheduleRetry(exchange);
        assertStandsFor(event, exchange, Set.of("_AMQ_SCHED_DELIVERY"));
        assertTrue(wait(exchange).toSeconds() >= 10 && wait(exchange).toSeconds() <= 12);
        assertEquals("retry", exchange.getProperty(Failures.OUTCOME));
        assertEquals("queued", logged().status());
        assertEquals("reset by *** (IOException)", logged().error());
        Event second = claims.claim(event.id(), null).orElseThrow();
        assertFalse(failures.hasRetryLeft(failed(second, new IOException())));
    }

    @Test
    void a_message_of_no_event_has_no_retry() {
        assertFalse(failures.hasRetryLeft(failed(null, new IOException())));
    }

    @Test
    void a_dead_letter_says_why_and_where_the_brokers_own_retry_brings_it() {
        Event event = claimed();
        Exchange exchange = failed(event, new PermanentFailure("it is\tof no\u0000 use\u202e"));
        failures.giveUp(exchange);
        assertStandsFor(event, exchange, Set.of("RelayReason", "_AMQ_ORIG_ADDRESS", "_AMQ_ORIG_QUEUE"));
        assertEquals("it is of no use ", exchange.getMessage().getHeader("RelayReason"));
        assertEquals("relay.events", exchange.getMessage().getHeader("_AMQ_ORIG_ADDRESS"));
        assertEquals("relay.events", exchange.getMessage().getHeader("_AMQ_ORIG_QUEUE"));
        assertEquals("error", exchange.getProperty(Failures.OUTCOME));
        assertEquals("error", logged().status());
    }

    @Test
    void a_reason_is_cut_after_its_secrets_are_taken_out() {
        Event event = claimed();
        failures.giveUp(failed(event, new PermanentFailure("x".repeat(797) + "hunter2 and more")));
        assertEquals("x".repeat(797) + "***…", logged().error());
    }

    @Test
    void a_reason_that_fits_is_kept_whole() {
        failures.giveUp(failed(claimed(), new PermanentFailure("x".repeat(800))));
        assertEquals("x".repeat(800), logged().error());
    }

    @Test
    void a_message_of_no_event_goes_to_the_dead_letters_with_what_is_ours() {
        Exchange exchange = failed(null, new PermanentFailure("no event"));
        failures.giveUp(exchange);
        assertEquals("no event", exchange.getMessage().getHeader("RelayReason"));
        assertNull(exchange.getMessage().getHeader("Authorization"));
        assertEquals("enrich_post", exchange.getMessage().getHeader("RelayAiTask"));
        assertEquals("not an event", exchange.getMessage().getBody());
        assertEquals("error", exchange.getProperty(Failures.OUTCOME));
    }

    @Test
    void an_event_that_is_held_back_waits_until_then_and_keeps_its_retries() {
        Event event = claimed();
        Instant until = clock.instant().plusSeconds(77);
        Exchange exchange = failed(event, new RuntimeCamelException(new HeldBack("the site is paused", until)));
        failures.holdBack(exchange);
        assertStandsFor(event, exchange, Set.of("_AMQ_SCHED_DELIVERY"));
        assertEquals(Duration.ofSeconds(77), wait(exchange));
        assertEquals("held", exchange.getProperty(Failures.OUTCOME));
        assertEquals("the site is paused", logged().error());
        assertEquals(0, logged().retries());
    }

    @Test
    void an_event_that_may_not_wait_for_ever_waits_as_long_as_its_retries_would_have_lasted() {
        Instant began = clock.instant();
        Event event = claimed();
        Exchange exchange = failed(event, new NotForEver(began.plusSeconds(7)));
        assertFalse(failures.hasWaitedForTooLong(exchange));
        failures.holdBack(exchange);
        assertEquals(began.toEpochMilli(), exchange.getMessage().getHeader(Failures.HELD_SINCE));
        assertEquals(Duration.ofSeconds(7), wait(exchange));
        clock.advance(Duration.ofSeconds(10));
        exchange.setProperty(Failures.HELD_SINCE, began.toEpochMilli());
        assertFalse(failures.hasWaitedForTooLong(exchange));
        clock.advance(Duration.ofMillis(1));
        assertTrue(failures.hasWaitedForTooLong(exchange));
        assertFalse(failures.hasWaitedForTooLong(failed(event, new HeldBack("paused", clock.instant()))));
    }

    private static final class NotForEver extends HeldBack {
        private static final long serialVersionUID = 1L;

        NotForEver(Instant until) {
            super("nobody is there", until, false);
        }
    }

    @Test
    void an_attempt_that_another_worker_took_over_leaves_no_message() {
        Event late = claimed();
        claims.claim(late.id(), null);
        Exchange retry = failed(late, new IOException());
        failures.scheduleRetry(retry);
        Exchange dead = failed(late, new IOException());
        failures.giveUp(dead);
        Exchange held = failed(late, new HeldBack("paused", clock.instant()));
        failures.holdBack(held);
        for (Exchange exchange : List.of(retry, dead, held)) {
            assertEquals("superseded", exchange.getProperty(Failures.OUTCOME));
            assertEquals("an answer", exchange.getMessage().getBody());
        }
        assertEquals("processing", logged().status());
    }

    @Test
    void what_cannot_be_written_down_goes_back_later_and_later() {
        Event event = claimed();
        Exchange exchange = failed(event, new EventLogAway());
        int times = 0;
        for (int seconds : new int[] {1, 2, 4, 8, 8}) {
            failures.handBack(exchange);
            assertTrue(wait(exchange).toMillis() >= seconds * 1000L, () -> seconds + ": " + wait(exchange));
            assertTrue(wait(exchange).toMillis() <= seconds * 1200L, () -> seconds + ": " + wait(exchange));
            assertStandsFor(event, exchange, Set.of("_AMQ_SCHED_DELIVERY", "RelayHandedBack", "RelayExcused"));
            assertEquals("handed_back", exchange.getProperty(Failures.OUTCOME));
            assertEquals(++times, exchange.getMessage().getHeader(Failures.EXCUSED));
        }
        failures.eventLogIsThere();
    }

    @Test
    void an_outage_of_the_event_log_is_said_once_and_so_is_its_end() {
        Logger logger = (Logger) LoggerFactory.getLogger(Failures.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        for (int outage = 0; outage < 2; outage++) {
            for (int time = 0; time < 3; time++) {
                failures.handBack(failed(null, new EventLogAway()));
            }
            failures.eventLogIsThere();
            assertEquals(2 * (outage + 1), lines.list.size());
            failures.eventLogIsThere();
        }
        logger.detachAppender(lines);
        assertEquals(
                List.of(Level.WARN, Level.INFO, Level.WARN, Level.INFO),
                lines.list.stream().map(ILoggingEvent::getLevel).toList());
    }

    @Test
    void a_message_that_could_not_be_claimed_goes_back_as_it_came() {
        Exchange exchange = failed(null, new EventLogAway());
        exchange.getMessage().setHeader("RelayReason", "it was a dead letter");
        exchange.getMessage().setHeader(Failures.EXCUSED, 4);
        exchange.getMessage().setBody("the id");
        exchange.setProperty(Failures.HELD_SINCE, 1_769_851_800_000L);
        failures.handBack(exchange);
        assertEquals(4, exchange.getMessage().getHeader(Failures.EXCUSED));
        assertEquals(1_769_851_800_000L, exchange.getMessage().getHeader(Failures.HELD_SINCE));
        assertEquals("the id", exchange.getMessage().getBody());
        assertEquals("it was a dead letter", exchange.getMessage().getHeader("RelayReason"));
        assertNull(exchange.getMessage().getHeader("Authorization"));
    }

    @Test
    void only_a_database_that_does_not_answer_is_away() {
        assertTrue(failures.isEventLogAway(failed(null, new EventLogAway())));
        assertTrue(failures.isEventLogAway(
                failed(null, new RuntimeCamelException(new DataAccessResourceFailureException("refused")))));
        assertTrue(failures.isEventLogAway(failed(null, new CannotCreateTransactionException("refused"))));
        assertFalse(failures.isEventLogAway(failed(null, new DuplicateKeyException("there already"))));
        assertFalse(failures.isEventLogAway(failed(null, new IOException("reset"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no answer                | answered 500: no answer (http://site/results)",
                "''                       | answered 500 (http://site/results)",
            })
    void the_reason_is_what_the_server_answered(String body, String reason) {
        assertEquals(
                reason,
                FailureReason.of(
                        new HttpOperationFailedException("http://site/results?x=1", 500, "", null, null, body)));
    }

    @Test
    void in_the_log_and_in_the_broker_a_reason_does_not_quote_what_may_be_of_the_event() {
        Exchange refused = failed(
                claimed(), new HttpOperationFailedException("http://site/results", 422, "", null, null, "no, Ada"));
        failures.giveUp(refused);
        assertEquals("answered 422 (http://site/results)", refused.getMessage().getHeader("RelayReason"));
        assertEquals("answered 422: no, Ada (http://site/results)", logged().error());
        assertEquals("RuntimeCamelException", FailureReason.inShort(new RuntimeCamelException("no number: Ada")));
        assertEquals(
                "JsonParseException", FailureReason.inShort(new JsonParseException(null, "Unrecognized token 'Ada'")));
        assertEquals("reset (IOException)", FailureReason.inShort(new IOException("reset")));
    }

    @Test
    void the_reason_says_what_an_operator_would() {
        assertEquals(
                "no answer in time: Read timed out", FailureReason.of(new SocketTimeoutException("Read timed out")));
        assertEquals("no connection: refused", FailureReason.of(new ConnectException("refused")));
        assertEquals("no connection: site.test", FailureReason.of(new UnknownHostException("site.test")));
        assertEquals("of no use", FailureReason.of(new PermanentFailure("of no use")));
        assertEquals("reset (IOException)", FailureReason.of(new IOException("reset")));
        assertEquals(
                "answered 404 (http://site)",
                FailureReason.of(new HttpOperationFailedException("http://site", 404, "", null, null, null)));
    }
}

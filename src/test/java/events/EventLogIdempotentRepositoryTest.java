package events;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataIntegrityViolationException;

class EventLogIdempotentRepositoryTest {
    private static final byte[] PAYLOAD = "{}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private HikariDataSource dataSource;
    private EventLog eventLog;
    private EventLogHealth health;
    private EventLogIdempotentRepository repository;

    @BeforeEach
    void start() throws Exception {
        dataSource = TestDatabase.H2.create(directory);
        eventLog = new EventLog(dataSource, Clock.systemUTC());
        health = new EventLogHealth(dataSource, Clock.systemUTC());
        repository = new EventLogIdempotentRepository(eventLog, health, Runnable::run);
    }

    @AfterEach
    void stop() throws Exception {
        health.stop();
        dataSource.close();
    }

    private static Exchange request(String key) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage()
                .setBody(new ReceivedEvent(EventLog.nextId(), "site", key, "post.published", PAYLOAD, "request", null));
        return exchange;
    }

    @Test
    void to_add_a_key_is_to_record_its_event() {
        assertFalse(repository.contains(request("key"), "site/key"));
        assertTrue(repository.add(request("key"), "site/key"));
        assertTrue(repository.contains(request("key"), "site/key"));
        assertArrayEquals(PAYLOAD, eventLog.find("site", "key").orElseThrow().payload());
    }

    @Test
    void a_key_that_is_there_is_not_added() {
        Exchange first = request("key");
        repository.add(first, "site/key");
        assertFalse(repository.add(request("key"), "site/key"));
        assertEquals(
                first.getMessage().getBody(ReceivedEvent.class).id(),
                eventLog.find("site", "key").orElseThrow().id());
    }

    private Exchange record(Exchange exchange) {
        repository.recorder().process(exchange, done -> {});
        return exchange;
    }

    @Test
    void what_the_recorder_has_recorded_is_added_and_not_recorded_again() {
        Exchange first = record(request("key"));
        assertEquals(
                first.getMessage().getBody(ReceivedEvent.class).id(),
                eventLog.find("site", "key").orElseThrow().id());
        assertTrue(repository.add(first, "site/key"));
        assertFalse(repository.add(record(request("key")), "site/key"));
    }

    @Test
    void what_the_recorder_cannot_record_fails_its_exchange() {
        assertInstanceOf(
                DataIntegrityViolationException.class,
                record(request("k".repeat(65))).getException());
    }

    @Test
    void nothing_takes_a_key_away() {
        repository.add(request("key"), "site/key");
        assertFalse(repository.remove("site/key"));
        assertTrue(repository.confirm("site/key"));
        assertThrows(UnsupportedOperationException.class, repository::clear);
        assertTrue(repository.contains(request("key"), "site/key"));
    }

    @Test
    void a_key_alone_is_nothing() {
        assertThrows(UnsupportedOperationException.class, () -> repository.add("site/key"));
        assertThrows(UnsupportedOperationException.class, () -> repository.contains("site/key"));
    }
}

package erasure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import events.AttemptLog;
import events.Claims;
import events.DeadLetters;
import events.Erasures;
import events.Event;
import events.EventLog;
import events.Failures;
import events.HeldBack;
import events.PermanentFailure;
import events.ReceivedEvent;
import events.TestDatabase;
import ingress.EmailMatch;
import ingress.EncryptedFields;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSRuntimeException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a request to erase does to the event log, on each database; the broker is away. */
class RequestedErasureTest {
    private static final String HASH = "a".repeat(64);

    @TempDir
    Path directory;

    private HikariDataSource dataSource;
    private EventLog eventLog;
    private Claims claims;
    private RequestedErasure erasure;

    private void open(TestDatabase database) throws Exception {
        dataSource = database.create(directory);
        eventLog = new EventLog(dataSource, Clock.systemUTC());
        claims = new Claims(dataSource, Clock.systemUTC());
        ConnectionFactory away = (ConnectionFactory) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConnectionFactory.class}, (proxy, method, arguments) -> {
                    throw new JMSRuntimeException("away");
                });
        erasure = new RequestedErasure(
                new PersonErasure(
                        new Erasures(dataSource, Clock.systemUTC()),
                        new DeadLetters(away),
                        new EmailMatch(new EncryptedFields(Optional.empty()))),
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private UUID add(String site, String event, String hash) {
        UUID id = EventLog.nextId();
        byte[] payload = ("{\"author_email_sha256\":\"" + hash + "\"}").getBytes(StandardCharsets.UTF_8);
        eventLog.add(new ReceivedEvent(id, site, id.toString(), event, payload, "request", null));
        return id;
    }

    private Event claimRequest(String site) {
        UUID id = add(site, "erasure.requested", HASH);
        return claims.claim(List.of(id), 0).get(0);
    }

    private Map<?, ?> erase(Event claimed, String hash) throws Exception {
        Exchange exchange = begin(claimed, hash);
        end(exchange);
        return exchange.getMessage().getBody(Map.class);
    }

    /** Leaves the exchange under way. */
    private Exchange begin(Event claimed, String hash) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(context);
            exchange.setProperty(Failures.EVENT, claimed);
            exchange.getMessage().setBody(Map.of("email_sha256", hash));
            erasure.erase(exchange);
            return exchange;
        }
    }

    private static void end(Exchange exchange) {
        exchange.getExchangeExtension().handoverCompletions().forEach(completion -> completion.onComplete(exchange));
    }

    private Event read(String site, UUID id) {
        return eventLog.find(site, id.toString()).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void more_than_a_page_is_erased_of_that_site_and_not_the_request_itself(TestDatabase database) throws Exception {
        open(database);
        List<UUID> hers = new ArrayList<>();
        IntStream.range(0, 230).forEach(i -> hers.add(add("blog", "comment.created", HASH)));
        UUID anothers = add("blog", "comment.created", "b".repeat(64));
        UUID elsewhere = add("shop", "comment.created", HASH);
        UUID waiting = add("blog", "erasure.requested", HASH);
        Event request = claimRequest("blog");
        assertEquals(Map.of("erased", 230, "unknown", 0), erase(request, HASH));
        hers.forEach(id -> assertNotNull(read("blog", id).erasedAt()));
        assertNull(read("blog", anothers).erasedAt());
        assertNull(read("shop", elsewhere).erasedAt());
        assertNull(read("blog", waiting).erasedAt(), "it has still to be worked on");
        assertEquals("processing", read("blog", request.id()).status());
        assertEquals(Map.of("erased", 0, "unknown", 0), erase(request, HASH));
    }

    @ParameterizedTest
    @EnumSource
    void an_attempt_goes_on_where_the_one_before_it_has_been(TestDatabase database) throws Exception {
        open(database);
        UUID looked = add("blog", "comment.created", HASH);
        UUID next = add("blog", "comment.created", HASH);
        Event first = claimRequest("blog");
        new AttemptLog(dataSource, Clock.systemUTC())
                .goOn(first, Instant.now(), "{\"erased\":7,\"unknown\":1,\"after\":\"" + looked + "\"}", null);
        Event second = claims.claim(List.of(first.id()), 0).get(0);
        assertEquals(Map.of("erased", 8, "unknown", 1), erase(second, HASH));
        assertNull(read("blog", looked).erasedAt());
        assertNotNull(read("blog", next).erasedAt());
    }

    @ParameterizedTest
    @EnumSource
    void however_many_a_site_asks_for_one_is_worked_on_at_once_and_no_worker_waits(TestDatabase database)
            throws Exception {
        open(database);
        List<Event> requests =
                IntStream.range(0, 50).mapToObj(i -> claimRequest("blog")).toList();
        Exchange first = begin(requests.get(0), HASH);
        for (Event request : requests.subList(1, 50)) {
            HeldBack held = assertThrows(HeldBack.class, () -> erase(request, HASH));
            assertTrue(held.until().isAfter(Instant.now()), "not at once again");
        }
        end(first);
        assertEquals(Map.of("erased", 0, "unknown", 0), erase(requests.get(1), HASH));
    }

    @ParameterizedTest
    @EnumSource
    void a_request_that_is_done_holds_the_hash_no_longer_and_is_not_counted(TestDatabase database) throws Exception {
        open(database);
        UUID before = add("blog", "erasure.requested", HASH);
        new AttemptLog(dataSource, Clock.systemUTC())
                .finish(List.of(
                        new AttemptLog.End(claims.claim(List.of(before), 0).get(0), "{}", null)));
        Event request = claimRequest("blog");
        assertEquals(Map.of("erased", 0, "unknown", 0), erase(request, HASH));
        assertNotNull(read("blog", before).erasedAt(), "one of a relay that did not empty it yet");
        assertTrue(new AttemptLog(dataSource, Clock.systemUTC()).finish(request, "{\"erased\":0}", null));
        Event done = read("blog", request.id());
        assertEquals("done", done.status());
        assertEquals("{}", new String(done.payload(), StandardCharsets.UTF_8));
        assertEquals("{\"erased\":0}", done.result());
        assertEquals(done.finishedAt(), done.erasedAt());
    }

    @ParameterizedTest
    @EnumSource
    void what_is_no_hash_erases_nothing(TestDatabase database) throws Exception {
        open(database);
        UUID other = add("blog", "comment.created", "");
        Event request = claimRequest("blog");
        assertThrows(PermanentFailure.class, () -> erase(request, ""));
        assertNull(read("blog", other).erasedAt());
    }
}

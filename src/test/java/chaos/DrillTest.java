package chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A harness that cannot fail proves nothing: here it meets relays that lie. */
class DrillTest {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;
    private Stage stage;
    private volatile BiConsumer<Effects, String> work;

    @BeforeEach
    void start() throws Exception {
        server = vertx.createHttpServer().requestHandler(this::accept);
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
        stage = Stage.around(directory, server.actualPort());
    }

    @AfterEach
    void stop() {
        stage.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Acknowledges everything; what it then does is up to the test. */
    private void accept(HttpServerRequest request) {
        if (request.method() == HttpMethod.GET) {
            request.response().end("{\"status\":\"processing\"}");
            return;
        }
        String key = request.getHeader("Idempotency-Key");
        work.accept(stage.receiver().effects(), key);
        request.response().setStatusCode(202).end("{\"status\":\"accepted\"}");
    }

    private static void apply(Effects effects, String key, String underKey) {
        long target = Long.parseLong(key.substring(key.lastIndexOf('-') + 1));
        effects.apply(underKey + ":moderate_comment", target, new byte[] {1});
    }

    private Row play(BiConsumer<Effects, String> relay, Duration patience) throws Exception {
        work = relay;
        Fault fault = new Fault("a-row", "a fault", Stage::embedded, drill -> {});
        try (Drill drill = new Drill(fault, stage, new Scale(true, 20))) {
            drill.load(20);
            drill.until(LONG, () -> drill.ledger().latestAcknowledgement() > 0);
            drill.settle(patience);
            return drill.row();
        }
    }

    @Test
    void a_row_holds_when_every_event_has_one_effect() throws Exception {
        Row row = play((effects, key) -> apply(effects, key, key), LONG);
        assertTrue(row.isKept(), () -> row.broken().toString());
        assertTrue(row.verdict().acknowledged() > 10, row::toString);
    }

    @Test
    void a_row_fails_when_an_acknowledged_event_is_lost() throws Exception {
        Row row = play((effects, key) -> {}, SHORT);
        assertFalse(row.isKept());
        assertTrue(row.verdict().acknowledged() > 0, row::toString);
        assertEquals(row.verdict().acknowledged(), row.verdict().lost().size());
    }

    @Test
    void a_row_fails_when_an_event_has_two_effects() throws Exception {
        Row row = play(
                (effects, key) -> {
                    apply(effects, key, key);
                    apply(effects, key, key + "-again");
                },
                LONG);
        assertFalse(row.isKept());
        assertEquals(row.verdict().acknowledged(), row.verdict().doubled().size());
    }

    @Test
    void a_row_in_which_nothing_was_acknowledged_shows_nothing_and_fails() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().join();
        Fault fault = new Fault("a-row", "a fault", Stage::embedded, drill -> {});
        try (Drill drill = new Drill(fault, stage, new Scale(true, 20))) {
            drill.settle(SHORT);
            assertFalse(drill.row().isKept());
        }
    }

    @Test
    void one_in_ten_events_is_sent_twice() throws Exception {
        Map<String, Integer> requests = new ConcurrentHashMap<>();
        Row row = play(
                (effects, key) -> {
                    requests.merge(key, 1, Integer::sum);
                    apply(effects, key, key);
                },
                LONG);
        assertTrue(row.isKept(), () -> row.broken().toString());
        assertEquals(
                (requests.size() + 9) / 10,
                requests.values().stream().filter(count -> count == 2).count());
    }
}

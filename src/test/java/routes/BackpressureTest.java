package routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import events.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import routes.Client.Answer;

/** A backlog that is full, over the wire: WordPress is silent until the test lets it speak. */
class BackpressureTest {
    private static final int LIMIT = 6;

    @TempDir(cleanup = CleanupMode.NEVER)
    Path dataDir;

    private final CountDownLatch isSpeaking = new CountDownLatch(1);
    private final ExecutorService answers = Executors.newCachedThreadPool();
    private HttpServer wordpress;
    private TestRelay relay;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        wordpress = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        wordpress.setExecutor(answers);
        wordpress.createContext("/", exchange -> {
            await().forever().until(() -> isSpeaking.getCount() == 0);
            byte[] body = "{\"status\":\"applied\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        wordpress.start();
        relay = new TestRelay(dataDir)
                .with(
                        "WP_SITE_URL",
                        "http://127.0.0.1:" + wordpress.getAddress().getPort())
                .with("WP_APP_USER", "relay")
                .with("WP_APP_PASSWORD", "abcd efgh")
                .with("RELAY_BACKLOG_LIMIT", Integer.toString(LIMIT))
                .startReady();
        client = relay.client();
    }

    @AfterEach
    void stop() throws Exception {
        isSpeaking.countDown();
        relay.close();
        wordpress.stop(0);
        answers.shutdownNow();
    }

    private Answer send(String key) {
        return client.send(key, Samples.comment(key, "Well said.").toString());
    }

    private double busyRequests() {
        return relay
                .bean(MeterRegistry.class)
                .get("relay.events")
                .tags("site", "default", "outcome", "busy")
                .counters()
                .stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Test
    void a_full_backlog_is_answered_429_before_anything_is_written_and_recovers_by_itself() {
        List<String> accepted = new ArrayList<>();
        String key = Samples.key();
        Answer answer = send(key);
        while (answer.status() == 202) {
            accepted.add(key);
            assertTrue(accepted.size() <= LIMIT, "more than the limit was accepted");
            key = Samples.key();
            answer = send(key);
        }
        String refused = key;
        assertEquals(429, answer.status());
        assertEquals("{\"error\":\"busy\"}", answer.body().toString());
        int retryAfter = Integer.parseInt(answer.header("Retry-After"));
        assertTrue(1 <= retryAfter && retryAfter <= 300, () -> retryAfter + " s");
        assertNotNull(answer.header("X-Request-Id"));
        assertTrue(relay.bean(EventLog.class).findByKey(refused).isEmpty());
        assertEquals(1, busyRequests());
        assertEquals(200, client.status(accepted.get(0)).status(), "asking is not refused");

        isSpeaking.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> send(refused).status() == 202);
        accepted.add(refused);
        for (String each : accepted) {
            await().atMost(Duration.ofSeconds(30)).until(() -> relay.bean(EventLog.class)
                    .findByKey(each)
                    .get(0)
                    .status()
                    .equals("done"));
        }
    }
}

package upgrade;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariDataSource;
import events.Event;
import events.EventLog;
import events.TestDatabase;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import routes.BatchSite;
import routes.Client;
import routes.RecoverStranded;
import routes.Samples;
import routes.TestRelay;

/** What a backup has in it, in a relay that has never seen any of it. */
class RestoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir(cleanup = CleanupMode.NEVER)
    Path before;

    @TempDir(cleanup = CleanupMode.NEVER)
    Path after;

    private BatchSite site;

    @BeforeEach
    void open() {
        site = new BatchSite();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private TestRelay relay(Path directory) {
        return new TestRelay(directory)
                .bringingResultsTo(site.url())
                .with(
                        "RELAY_AUTOMATIONS_DIR",
                        Path.of("src/test/resources/topology").toAbsolutePath().toString());
    }

    private static Event awaitStatus(TestRelay relay, String key, String status) {
        EventLog events = relay.bean(EventLog.class);
        await().atMost(PATIENCE)
                .until(() -> events.findByKey(key).get(0).status().equals(status));
        return events.findByKey(key).get(0);
    }

    private static String send(TestRelay relay, String key) {
        return relay.client()
                .send(key, Samples.comment(key, "Hello").toString())
                .body()
                .path("status")
                .asText();
    }

    /** The keys of all results that the site was given, those that came twice twice. */
    private List<String> keysOfResults() {
        return site.results("").stream()
                .map(result -> result.getHeader("Idempotency-Key"))
                .sorted()
                .toList();
    }

    private static void replay(TestRelay relay, String key) throws Exception {
        URI replay = URI.create(relay.managementUrl() + "/events/" + key + "/replay");
        assertEquals(
                202,
                Client.call("POST", replay, Map.of(), BodyPublishers.noBody()).status());
    }

    @Test
    void the_database_alone_is_enough_and_the_queue_is_made_anew() throws Exception {
        try (HikariDataSource database = TestDatabase.POSTGRESQL.open(before)) {
            OldEvents events = new OldEvents(OldTables.of(database, "latest"));
            events.write();
            try (TestRelay relay = relay(after)
                    .with("RELAY_DB_URL", database.getJdbcUrl())
                    .with("RELAY_DB_USER", "postgres")
                    .startReady()) {
                awaitStatus(relay, "waits-in-outbox", "done");
                // As each relay sends it in its first minute.
                try (ProducerTemplate producer = relay.context().createProducerTemplate()) {
                    producer.sendBodyAndHeader(
                            "activemq:queue:relay.events",
                            "watermark",
                            RecoverStranded.WATERMARK,
                            System.currentTimeMillis());
                }
                for (String key : List.of("waits-in-queue", "in-hand", "waits-for-retry", "half-done")) {
                    awaitStatus(relay, key, "done");
                }
                assertEquals("error", awaitStatus(relay, "dead", "error").status());
                replay(relay, "dead");
                awaitStatus(relay, "dead", "done");
                assertEquals("duplicate", send(relay, "done"));
                assertEquals(
                        List.of(
                                "dead:moderate_comment",
                                "half-done:moderate_comment:12",
                                "half-done:run_batch",
                                "in-hand:moderate_comment",
                                "waits-for-retry:moderate_comment",
                                "waits-in-outbox:moderate_comment",
                                "waits-in-queue:moderate_comment"),
                        keysOfResults());
            }
        }
    }

    @Test
    void a_folder_with_embedded_stores_goes_on_in_another_place() throws Exception {
        site.answer("later", aResponse().withStatus(503).withHeader("Retry-After", "1"));
        site.answer("dead", aResponse().withStatus(422));
        try (TestRelay relay = relay(before).startReady()) {
            for (String key : List.of("done", "later", "dead")) {
                assertEquals("accepted", send(relay, key));
            }
            awaitStatus(relay, "done", "done");
            awaitStatus(relay, "dead", "error");
            await().atMost(PATIENCE)
                    .until(() ->
                            relay.bean(EventLog.class).findByKey("later").get(0).retries() == 1);
            relay.context().getRouteController().stopRoute("process-event");
            assertEquals("accepted", send(relay, "queued"));
        }
        FileSystemUtils.copyRecursively(before, after);
        site.reset();
        try (TestRelay relay = relay(after).startReady()) {
            awaitStatus(relay, "queued", "done");
            awaitStatus(relay, "later", "done");
            replay(relay, "dead");
            awaitStatus(relay, "dead", "done");
            assertEquals("duplicate", send(relay, "done"));
            assertEquals(
                    List.of("dead:moderate_comment", "later:moderate_comment", "queued:moderate_comment"),
                    keysOfResults());
        }
    }
}

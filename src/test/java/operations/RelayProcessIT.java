package operations;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import ingress.TestKeystore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.jms.Message;
import jakarta.jms.QueueConnection;
import jakarta.jms.QueueRequestor;
import jakarta.jms.QueueSession;
import jakarta.jms.Session;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.activemq.artemis.api.core.management.ResourceNames;
import org.apache.activemq.artemis.api.jms.management.JMSManagementHelper;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import routes.BatchSite;
import routes.Client;
import routes.Client.Answer;
import routes.Samples;
import routes.TestRelay;

/** The relay as a process: what it says at the start, and what is left after it was killed. */
class RelayProcessIT {
    private static final String SECRET = "a secret for tests";
    /** RELAY_BATCH_WORKERS. */
    private static final int IN_HAND = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private RelayProcess relay() {
        return new RelayProcess(directory).with("WP_RELAY_SECRET", SECRET);
    }

    private static void awaitStatus(Client client, String key, String status) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertEquals(
                        status, client.status(key).body().path("status").asText()));
    }

    @Test
    void a_newcomer_needs_no_setting_to_send_a_sample_and_see_its_result() throws Exception {
        try (RelayProcess relay = new RelayProcess(directory).start()) {
            Path secret = directory.resolve("data/secret");
            assertTrue(relay.log().contains(secret.toString()), relay.log());
            assertTrue(relay.log().contains("bin/relay send"), relay.log());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
            String sent = relay.command("send", "--key", "first");
            assertTrue(sent.startsWith("202 "), sent);
            assertTrue(sent.contains("bin/relay show first"), sent);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertTrue(relay.command("show", "first").contains("done")));
            assertFalse(new ObjectMapper()
                    .readTree(relay.command("show", "--json", "first"))
                    .at("/result/summary")
                    .asText()
                    .isEmpty());
            assertTrue(relay.command("send", "--key", "first").contains("duplicate"));
            assertTrue(relay.command("events", "--search", "first").contains("first"));
            assertTrue(relay.command("show", "nobody").contains("bin/relay events --search nobody looks for it"));
            // Said at the first start and never again.
            String generated = SecretFile.read(directory.resolve("data"));
            assertTrue(relay.log().contains(generated));
            relay.terminate();
            relay.start();
            assertFalse(relay.log().contains(generated));
        }
    }

    @Test
    void an_operator_of_several_sites_sends_over_tls_as_any_of_them() throws Exception {
        TestKeystore keystore = TestKeystore.create(directory.resolve("relay.p12"), "relay.example");
        Path sites = Files.writeString(directory.resolve("sites.yaml"), """
                sites:
                  - {id: shop, secrets: [{key: shop-1, secret: the secret of the shop}]}
                  - {id: blog, secrets: [{key: blog-1, secret: the secret of the blog}]}
                """);
        try (RelayProcess relay = new RelayProcess(directory)
                .with("RELAY_SITES_FILE", sites.toString())
                .with("RELAY_TLS_KEYSTORE", keystore.file().toString())
                .with("RELAY_TLS_PASSWORD", TestKeystore.PASSWORD)
                .start()) {
            assertTrue(relay.log().contains("https://localhost:" + relay.port()), relay.log());
            assertFalse(relay.log().contains("the secret of the"), relay.log());
            assertTrue(relay.command("send", "--key", "first").startsWith("202 "));
            assertTrue(
                    relay.command("send", "--key", "second", "--site", "blog").startsWith("202 "));
            assertTrue(relay.command("events", "--site", "blog").contains("second"));
            assertFalse(relay.command("events", "--site", "shop").contains("second"));
            // Another certificate than the one that the command knows is not believed.
            TestKeystore other = TestKeystore.create(directory.resolve("other.p12"), "other.example");
            relay.with("RELAY_TLS_KEYSTORE", other.file().toString());
            assertTrue(relay.command("send").contains("another certificate"));
        }
    }

    @Test
    void an_operator_judges_dead_events_and_gives_them_another_chance() throws Exception {
        WireMockServer wordpress =
                new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        wordpress.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404).withBody("no such comment")));
        try (RelayProcess relay =
                relay().with("WP_SITE_URL", wordpress.baseUrl()).start()) {
            for (String key : List.of("night-1", "night-2", "night-3")) {
                relay.client(SECRET)
                        .send(key, Samples.comment(key, "Good \u009b31mnight").toString());
                awaitStatus(relay.client(SECRET), key, "error");
            }
            String shown = relay.command("show", "night-1");
            assertTrue(shown.matches("(?s).*error +answered 404: no such comment \\(http://.*\n.*"), shown);
            assertTrue(shown.matches("(?s).*20\\S+Z +attempt 1 +failed for good, \\d+ ms: the same error\n.*"), shown);
            assertTrue(shown.contains("\"comment_id\" : 7"), shown);
            assertTrue(shown.contains("Good \\u009b31mnight"), shown);

            String dryRun = relay.command("replay", "--dry-run", "--status", "error", "--since", "1h");
            assertTrue(
                    dryRun.matches("(?s)would be replayed  night-1\n +20\\S+Z  error  comment.created  default "
                            + " answered 404: no such comment.*"),
                    dryRun);
            for (String command : List.of("overview", "events")) {
                String printed = relay.command(command);
                assertTrue(
                        printed.contains("\n    answered 404: no such") || printed.contains("\n      answered 404"),
                        printed);
                assertTrue(printed.lines().allMatch(line -> line.length() <= 120), printed);
            }
            assertTrue(relay.command("events", "--site", "defautl").contains("site 'defautl' is not known here"));
            assertTrue(dryRun.contains("3 events would be replayed\n"), dryRun);
            assertEquals("0 events replayed\n", relay.command("replay", "--since", "2h", "--until", "1h"));

            wordpress.stubFor(any(anyUrl()).willReturn(okJson("{\"status\":\"applied\"}")));
            assertEquals("replayed  night-1\n", relay.command("replay", "night-1"));
            awaitStatus(relay.client(SECRET), "night-1", "done");
            String refused = relay.command("replay", "--dry-run", "night-1");
            assertTrue(refused.contains("night-1 is done") && refused.contains("--force"), refused);
            assertEquals("replayed  night-1\n", relay.command("replay", "--force", "night-1"));
            assertEquals(
                    "replayed  night-2\nreplayed  night-3\n2 events replayed\n",
                    relay.command("replay", "--search", "night-", "--event", "comment.created"));
            for (String key : List.of("night-1", "night-2", "night-3")) {
                awaitStatus(relay.client(SECRET), key, "done");
            }
            String replayed = relay.command("show", "night-1");
            String by = " replayed +by bin/relay of " + System.getProperty("user.name") + "\n";
            assertTrue(
                    replayed.matches(
                            "(?s).*failed for good.*" + by + ".*attempt 2.*" + by + ".*queued again\n.*attempt 3.*"),
                    replayed);

            assertTrue(relay.command("replay").contains("one or more KEYs, or a filter"));
            assertTrue(relay.command("replay", "night-1", "--status", "done").contains("not both"));
            assertTrue(relay.command("replay", "--status", "done").contains("--force"));
            assertTrue(relay.command("events", "--since", "yesterday").contains("or how long ago, such as 30m"));
            assertTrue(relay.command("events", "--status", "dead").contains("must be one of queued"));
            assertTrue(relay.command("events", "--until", "0s").contains("night-3"));
        } finally {
            wordpress.stop();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RELAY_PORT | abc | a whole number",
                "RELAY_PORT | 70000 | a whole number",
                "RELAY_DATA_DIR | /dev/null/data | a directory",
                "RELAY_RETRY_DELAYS | soon | durations",
                "RELAY_DB_URL | mysql://x | jdbc:postgresql:",
                "RELAY_BROKER_URL | http://x | tcp://",
                "WP_SITE_URL | ftp://example.test | https://example.com",
                "AI_PROVIDER | oracle | one of local, openai",
                "AI_TIMEOUT | 30 | a duration",
            })
    void a_wrong_setting_stops_the_start_with_one_line(String variable, String value, String expected)
            throws Exception {
        try (RelayProcess relay = relay().with(variable, value).launch()) {
            assertEquals(78, relay.exitStatus());
            assertEquals(1, relay.log().lines().count(), relay.log());
            assertTrue(relay.log().startsWith(variable + " is '" + value + "'; it should be "), relay.log());
            assertTrue(relay.log().contains(expected), relay.log());
        }
    }

    @Test
    void a_port_that_is_taken_stops_the_start_with_one_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                RelayProcess relay = relay().with("RELAY_PORT", Integer.toString(taken.getLocalPort()))
                        .launch()) {
            assertEquals(78, relay.exitStatus());
            assertEquals(1, relay.log().lines().count(), relay.log());
            assertTrue(relay.log().startsWith("RELAY_PORT is"), relay.log());
        }
    }

    @Test
    void from_the_moment_its_port_is_open_a_sender_is_told_to_come_again_until_it_is_accepted() throws Exception {
        try (RelayProcess relay = relay().launch()) {
            Client client = relay.client(SECRET);
            String key = Samples.key();
            String event = Samples.post(key).toString();
            List<Integer> answers = new ArrayList<>();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
                try {
                    answers.add(client.send(key, event).status());
                } catch (AssertionError e) {
                    return false; // not open yet
                }
                return answers.contains(202);
            });
            assertEquals(202, answers.remove(answers.size() - 1));
            assertTrue(!answers.isEmpty(), "nobody came before it was ready");
            assertEquals(Set.of(503), Set.copyOf(answers));
        }
    }

    @Test
    void what_was_answered_202_is_done_after_kill_9() throws Exception {
        Queue<String> accepted = new ConcurrentLinkedQueue<>();
        try (RelayProcess relay = relay().start()) {
            for (int round = 0; round < 3; round++) {
                killUnderLoad(relay, accepted);
                relay.start();
            }
            assertTrue(accepted.size() > 50, () -> accepted.size() + " were accepted");
            for (String key : accepted) {
                awaitStatus(relay.client(SECRET), key, "done");
            }
        }
    }

    /** Twice, while posts of it are in hand: what WordPress has taken is sent again at most with the same body. */
    @Test
    void a_batch_that_is_killed_in_the_middle_goes_on_where_it_was() throws Exception {
        int posts = 120;
        try (BatchSite site = new BatchSite();
                RelayProcess relay = relay().with("WP_SITE_URL", site.url()).start()) {
            String key = Samples.key();
            ObjectNode batch = Samples.batch(key, "enrich_posts", LongStream.rangeClosed(1001, 1000 + posts));
            assertEquals(202, relay.client(SECRET).send(key, batch.toString()).status());
            for (int taken : new int[] {15, 60}) {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> site.results(key).size() >= taken);
                relay.kill();
                relay.start();
            }
            await().atMost(PATIENCE.multipliedBy(3)).untilAsserted(() -> {
                JsonNode status = relay.client(SECRET).status(key).body();
                assertEquals("done", status.path("status").asText(), status::toString);
            });
            JsonNode result = relay.client(SECRET).status(key).body().get("result");
            assertEquals(posts, result.get("done").asInt(), result::toString);
            Map<String, Set<String>> bodies = site.results(key + ":enrich_post:").stream()
                    .collect(Collectors.groupingBy(
                            request -> request.getHeader("Idempotency-Key"),
                            Collectors.mapping(LoggedRequest::getBodyAsString, Collectors.toSet())));
            assertEquals(posts, bodies.size());
            bodies.forEach((of, sent) -> assertEquals(1, sent.size(), of));
            int repeated = site.results(key + ":enrich_post:").size() - posts;
            assertTrue(repeated <= 2 * IN_HAND, () -> repeated + " were sent again after 2 kills");
            assertEquals(1, site.results(key + ":run_batch").size());
        }
    }

    private static void killUnderLoad(RelayProcess relay, Queue<String> accepted) throws InterruptedException {
        AtomicBoolean isKilled = new AtomicBoolean();
        int before = accepted.size();
        List<Thread> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            Thread thread = new Thread(() -> sendUntil(isKilled, relay.client(SECRET), accepted));
            thread.start();
            senders.add(thread);
        }
        await().atMost(PATIENCE).until(() -> accepted.size() > before + 25);
        relay.kill();
        isKilled.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
    }

    private static void sendUntil(AtomicBoolean isKilled, Client client, Queue<String> accepted) {
        while (!isKilled.get()) {
            String key = Samples.key();
            try {
                Answer answer =
                        client.send(key, Samples.comment(key, "Well said.").toString());
                if (answer.status() == 202) {
                    accepted.add(key);
                }
            } catch (AssertionError e) {
                return; // no answer, no promise
            }
        }
    }

    @Test
    void sigterm_ends_it_with_status_0_and_loses_nothing() throws Exception {
        try (RelayProcess relay = relay().start()) {
            List<String> keys = new ArrayList<>();
            for (int number = 0; number < 30; number++) {
                String key = Samples.key();
                assertEquals(
                        202,
                        relay.client(SECRET)
                                .send(key, Samples.post(key).toString())
                                .status());
                keys.add(key);
            }
            assertEquals(0, relay.terminate());
            relay.start();
            keys.forEach(key -> awaitStatus(relay.client(SECRET), key, "done"));
        }
    }

    @Test
    void without_its_database_it_waits_and_answers_503_until_the_database_is_there() throws Exception {
        int port = TestRelay.freePort();
        try (RelayProcess relay = relay().with("RELAY_DB_URL", "jdbc:postgresql://127.0.0.1:" + port + "/postgres")
                .with("RELAY_DB_USER", "postgres")
                .launch()) {
            await().atMost(PATIENCE)
                    .until(() -> relay.log().contains("Waiting for the database") && relay.isListening());
            Client client = relay.client(SECRET);
            String key = Samples.key();
            Answer refused = client.send(key, Samples.post(key).toString());
            assertEquals(503, refused.status());
            assertEquals("unavailable", refused.body().path("error").asText());
            assertTrue(Integer.parseInt(refused.header("Retry-After")) > 0);
            EmbeddedPostgres database = EmbeddedPostgres.builder().setPort(port).start();
            try {
                await().atMost(PATIENCE)
                        .until(() ->
                                client.send(key, Samples.post(key).toString()).status() == 202);
                awaitStatus(client, key, "done");
            } finally {
                relay.kill();
                database.close();
            }
        }
    }

    @Test
    void without_its_broker_it_accepts_and_works_when_the_broker_is_there() throws Exception {
        int port = TestRelay.freePort();
        try (RelayProcess relay =
                relay().with("RELAY_BROKER_URL", "tcp://127.0.0.1:" + port).start()) {
            Client client = relay.client(SECRET);
            String key = Samples.key();
            assertEquals(202, client.send(key, Samples.post(key).toString()).status());
            assertEquals("queued", client.status(key).body().path("status").asText());
            await().until(() -> relay.log().contains("Events wait in the event log"));
            TestBroker broker = new TestBroker(directory.resolve("broker"), port);
            broker.start();
            try {
                awaitStatus(client, key, "done");
            } finally {
                relay.terminate();
                broker.stop();
            }
        }
    }

    @Test
    void a_dead_letter_in_an_outside_broker_is_retried_over_its_management_address_or_replayed_without_it()
            throws Exception {
        String url = "tcp://127.0.0.1:" + TestRelay.freePort();
        TestBroker broker =
                new TestBroker(directory.resolve("broker"), URI.create(url).getPort());
        WireMockServer wordpress =
                new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        wordpress.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
        broker.start();
        try (RelayProcess relay = relay().with("RELAY_BROKER_URL", url)
                .with("WP_SITE_URL", wordpress.baseUrl())
                .start()) {
            Client client = relay.client(SECRET);
            for (String key : List.of("retried", "replayed")) {
                client.send(key, Samples.comment(key, "Well said.").toString());
                awaitStatus(client, key, "error");
            }
            wordpress.stubFor(any(anyUrl()).willReturn(okJson("{\"status\":\"applied\"}")));
            await().atMost(PATIENCE).until(() -> countDeadLetters(url) == 2);
            assertEquals(1, manage(url, "moveMessages", "RelayKey = 'retried'", "relay.events"));
            awaitStatus(client, "retried", "done");

            broker.stop();
            assertEquals("replayed  replayed\n", relay.command("replay", "replayed"));
            broker.start();
            awaitStatus(client, "replayed", "done");
            assertEquals(1, manage(url, "retryMessages"), "the letter that stayed leads to nothing");
            await().atMost(PATIENCE).until(() -> countDeadLetters(url) == 0);
            assertEquals(2, client.status("replayed").body().path("attempts").asInt());
        } finally {
            broker.stop();
            wordpress.stop();
        }
    }

    private static int countDeadLetters(String url) throws Exception {
        return manage(url, "countMessages", "RelayReason IS NOT NULL");
    }

    /** Calls an operation of the queue relay.dead-letters as the broker's own command line does. */
    private static int manage(String url, String operation, Object... parameters) throws Exception {
        try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url);
                QueueConnection connection = factory.createQueueConnection()) {
            connection.start();
            QueueSession session = connection.createQueueSession(false, Session.AUTO_ACKNOWLEDGE);
            QueueRequestor requestor = new QueueRequestor(session, session.createQueue("activemq.management"));
            Message request = session.createMessage();
            JMSManagementHelper.putOperationInvocation(
                    request, ResourceNames.QUEUE + "relay.dead-letters", operation, parameters);
            return ((Number) JMSManagementHelper.getResult(requestor.request(request))).intValue();
        }
    }
}

package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import events.Attempt;
import events.DeadLetters;
import events.Event;
import events.EventLog;
import events.ReceivedEvent;
import events.Replays;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.management.MBeanServerInvocationHandler;
import javax.management.ObjectName;
import javax.sql.DataSource;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.management.ObjectNameBuilder;
import org.apache.activemq.artemis.api.core.management.QueueControl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import routes.Client.Answer;

/** Another chance for an event: over HTTP, and with the broker's own tools, which are what Hawtio calls. */
class ReplayEventsTest {
    private static final String RESULTS = "/wp-json/ai-relay/v1/results";
    private static final String DEAD_LETTERS = "relay.dead-letters";
    private static final String EVENTS = "relay.events";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer wordpress;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        wordpress = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        relay = new TestRelay(dataDir)
                // Half of them may wait for one site.
                .with("RELAY_WORKERS", "4")
                .bringingResultsTo(wordpress.baseUrl())
                .with("RELAY_RETRY_DELAYS", "100ms,100ms")
                .startReady();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        wordpress.stop();
    }

    @BeforeEach
    void allIsWell() {
        wordpress.resetAll();
        wordpressAnswers("applied");
    }

    private static void wordpressAnswers(String status) {
        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"" + status + "\"}")));
    }

    private static void wordpressAnswers(int status) {
        wordpress.stubFor(post(RESULTS).willReturn(aResponse().withStatus(status)));
    }

    private static List<LoggedRequest> callBacks(String key) {
        return wordpress.findAll(postRequestedFor(urlPathEqualTo(RESULTS))).stream()
                .filter(request -> request.getHeader("Idempotency-Key").startsWith(key + ":"))
                .toList();
    }

    private static String send(String key) {
        assertEquals(
                202,
                relay.client()
                        .send(key, Samples.comment(key, "Well said.").toString())
                        .status());
        return key;
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static int replays(String key) {
        return database()
                .sql("SELECT replays FROM relay_event WHERE idempotency_key = ?")
                .param(key)
                .query(Integer.class)
                .single();
    }

    private static JdbcClient database() {
        return JdbcClient.create(relay.bean(DataSource.class));
    }

    private static void awaitStatus(String key, String status) {
        await().atMost(Duration.ofSeconds(20)).until(() -> event(key).status().equals(status));
    }

    /** An event that WordPress refuses, with its letter; afterwards WordPress is well. */
    private static String dead(String key) throws Exception {
        wordpressAnswers(404);
        send(key);
        awaitStatus(key, "error");
        await().until(() -> letters(key) == 1);
        wordpressAnswers("applied");
        return key;
    }

    private static String dead() throws Exception {
        return dead(Samples.key());
    }

    private static long letters(String key) throws Exception {
        return queue(DEAD_LETTERS).countMessages(of(key));
    }

    private static String of(String key) {
        return "RelayKey = '" + key + "'";
    }

    /** As a console has it: by JMX. */
    private static QueueControl queue(String name) throws Exception {
        SimpleString address = SimpleString.of(name);
        ObjectName bean = ObjectNameBuilder.create("org.apache.activemq.artemis", "ai-relay", true)
                .getQueueObjectName(address, address, RoutingType.ANYCAST);
        return MBeanServerInvocationHandler.newProxyInstance(
                ManagementFactory.getPlatformMBeanServer(), bean, QueueControl.class, false);
    }

    private static Answer call(String path, String... parameters) {
        String query = parameters.length == 0 ? "" : "?" + String.join("&", parameters);
        return Client.call("POST", URI.create(relay.managementUrl() + path + query), Map.of(), BodyPublishers.noBody());
    }

    private static Answer replay(String key, String... parameters) {
        return call("/events/" + key + "/replay", parameters);
    }

    private static List<String> keys(Answer answer) {
        List<String> keys = new ArrayList<>();
        answer.body().path("events").forEach(event -> keys.add(event.path("key").asText()));
        assertEquals(keys.size(), answer.body().path("count").asInt());
        return keys;
    }

    /** What an operator can do with a dead letter in a console. */
    enum Tool {
        MOVE_ONE {
            @Override
            void use(QueueControl letters, String key) throws Exception {
                assertTrue(letters.moveMessage(idOf(letters, key), EVENTS));
            }
        },
        MOVE_BY_FILTER {
            @Override
            void use(QueueControl letters, String key) throws Exception {
                assertEquals(1, letters.moveMessages(of(key), EVENTS));
            }
        },
        RETRY_ONE {
            @Override
            void use(QueueControl letters, String key) throws Exception {
                assertTrue(letters.retryMessage(idOf(letters, key)));
            }
        },
        RETRY_ALL {
            @Override
            void use(QueueControl letters, String key) throws Exception {
                assertTrue(letters.retryMessages() >= 1);
            }
        };

        abstract void use(QueueControl letters, String key) throws Exception;

        private static long idOf(QueueControl letters, String key) throws Exception {
            return ((Number) letters.listMessages(of(key))[0].get("messageID")).longValue();
        }
    }

    @ParameterizedTest
    @EnumSource(Tool.class)
    void a_dead_letter_that_is_moved_back_with_the_brokers_own_tools_is_a_replay(Tool tool) throws Exception {
        String key = dead();
        tool.use(queue(DEAD_LETTERS), key);
        awaitStatus(key, "done");
        assertEquals(0, letters(key));
        assertEquals(1, replays(key));
        assertEquals(2, event(key).attempts());
        assertEquals(
                1,
                callBacks(key).stream()
                        .map(LoggedRequest::getBodyAsString)
                        .distinct()
                        .count());
    }

    @Test
    void a_dead_letter_that_is_moved_back_has_all_its_retries_again() throws Exception {
        wordpressAnswers(500);
        String key = send(Samples.key());
        awaitStatus(key, "error");
        await().until(() -> letters(key) == 1);
        assertEquals(3, event(key).attempts());
        Tool.MOVE_BY_FILTER.use(queue(DEAD_LETTERS), key);
        await().until(() -> event(key).attempts() == 6);
        awaitStatus(key, "error");
        await().until(() -> letters(key) == 1);
        assertEquals(
                List.of("retry", "retry", "error", "retry", "retry", "error"),
                relay.bean(EventLog.class).attempts(event(key).id()).stream()
                        .map(Attempt::outcome)
                        .toList());
    }

    @Test
    void a_dead_letter_that_is_moved_back_leads_to_nothing_when_its_event_is_done() throws Exception {
        String key = dead();
        // Past the API, which would take the letter away.
        relay.bean(Replays.class).replay(event(key).id(), false, "a test", ids -> {});
        awaitStatus(key, "done");
        Tool.MOVE_BY_FILTER.use(queue(DEAD_LETTERS), key);
        await().until(() -> queue(EVENTS).getMessageCount() == 0);
        assertEquals(2, event(key).attempts());
        assertEquals(2, callBacks(key).size());
    }

    @Test
    void a_replayed_event_that_fails_at_once_again_has_its_letter() throws Exception {
        String key = dead();
        wordpressAnswers(403);
        assertEquals(202, replay(key).status());
        await().until(() -> event(key).attempts() == 2);
        awaitStatus(key, "error");
        await().until(() -> letters(key) == 1);
    }

    @Test
    void all_that_match_are_replayed_and_their_letters_are_gone() throws Exception {
        String prefix = Samples.key();
        List<String> keys = List.of(dead(prefix + "-1"), dead(prefix + "-2"), dead(prefix + "-3"));
        String other = dead();
        String search = "search=" + prefix;
        Answer dry = call("/events/replay", search, "dry_run=true");
        assertEquals(200, dry.status());
        assertTrue(dry.body().path("dry_run").asBoolean());
        assertEquals(keys, keys(dry));
        assertEquals("error", event(keys.get(0)).status());
        assertEquals(1, letters(keys.get(0)));

        Answer replayed = call("/events/replay", search, "since=1h", "event=comment.created", "site=default");
        assertEquals(202, replayed.status());
        assertEquals(keys, keys(replayed));
        assertFalse(replayed.body().has("next"), "there is no more");
        for (String key : keys) {
            awaitStatus(key, "done");
            assertEquals(0, letters(key));
        }
        assertEquals("error", event(other).status());
        assertEquals(1, letters(other));
    }

    @Test
    void times_narrow_a_replay_from_both_sides() throws Exception {
        String search = "search=" + dead();
        assertEquals(
                0,
                keys(call("/events/replay", search, "until=1h", "dry_run=true")).size());
        assertEquals(
                0,
                keys(call("/events/replay", search, "since=2999-01-01T00:00:00Z", "dry_run=true"))
                        .size());
        assertEquals(
                1,
                keys(call("/events/replay", search, "since=7d", "dry_run=true")).size());
        assertEquals(
                1,
                keys(call("/events/replay", search, "until=2999-01-01T00:00:00+02:00", "dry_run=true"))
                        .size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "422 stauts=error",
                "422 status=deaf",
                "422 status=error&status=done",
                "422 status=error&dry_run=1",
                "422 status=error&force=yes",
                "422 status=error&since=yesterday",
                "422 status=error&after=1",
                "400 ",
                "400 force=true",
                "409 status=done",
            })
    void what_might_replay_more_than_was_meant_is_refused(String refused) throws Exception {
        String key = dead();
        Answer answer = call("/events/replay", refused.substring(4));
        assertEquals(Integer.parseInt(refused.substring(0, 3)), answer.status(), answer.body()::toString);
        assertEquals("error", event(key).status());
    }

    @Test
    void a_done_event_is_replayed_by_force_and_wordpress_knows_it() {
        String key = send(Samples.key());
        awaitStatus(key, "done");
        Answer refused = replay(key);
        assertEquals(409, refused.status());
        assertTrue(refused.body().path("error").asText().contains("--force"), refused.body()::toString);
        assertEquals(409, replay(key, "dry_run=true").status());
        assertEquals(200, replay(key, "dry_run=true", "force=true").status());
        assertEquals(1, event(key).attempts());

        wordpressAnswers("duplicate");
        assertEquals(202, replay(key, "force=true").status());
        await().until(() -> "duplicate".equals(event(key).callBack()));
        awaitStatus(key, "done");
        List<LoggedRequest> callBacks = callBacks(key);
        assertEquals(2, callBacks.size());
        assertEquals(
                callBacks.get(0).getBodyAsString(), callBacks.get(1).getBodyAsString(), "the answer that was kept");
        assertEquals(
                1,
                database()
                        .sql("SELECT count(*) FROM relay_answer WHERE event_id = ?")
                        .param(event(key).id())
                        .query(Integer.class)
                        .single());
    }

    @Test
    void events_whose_messages_were_lost_are_replayed_by_force() throws Exception {
        relay.context().getRouteController().stopRoute("process-event");
        String key = send(Samples.key());
        await().until(() -> queue(EVENTS).removeMessages(of(key)) == 1);
        relay.context().getRouteController().startRoute("process-event");
        assertEquals(
                409, call("/events/replay", "status=queued", "search=" + key).status());
        assertEquals(List.of(key), keys(call("/events/replay", "status=queued", "search=" + key, "force=true")));
        awaitStatus(key, "done");
    }

    @Test
    void a_worker_that_is_at_it_does_not_get_in_the_way_of_a_replay() throws Exception {
        wordpress.stubFor(
                post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}").withFixedDelay(3000)));
        String key = send(Samples.key());
        await().until(() -> callBacks(key).size() == 1);
        wordpressAnswers("duplicate");
        assertEquals(409, replay(key).status());
        assertEquals(202, replay(key, "force=true").status());
        awaitStatus(key, "done");
        // The first worker ends after the second, and has no say.
        await().until(() -> queue(EVENTS).getDeliveringCount() == 0);
        assertEquals("duplicate", event(key).callBack());
        assertEquals(
                List.of(2),
                relay.bean(EventLog.class).attempts(event(key).id()).stream()
                        .map(Attempt::attempt)
                        .toList());
    }

    @Test
    void more_than_a_batch_is_replayed_piece_by_piece() throws Exception {
        int many = 1200;
        relay.context().getRouteController().stopRoute("process-event");
        long before = queue(DEAD_LETTERS).getMessageCount();
        String prefix = Samples.key();
        makeDead(prefix, many);
        await().until(() -> queue(DEAD_LETTERS).getMessageCount() == before + many);

        List<String> replayed = new ArrayList<>();
        List<String> batches = new ArrayList<>();
        String after = "";
        while (after != null) {
            List<String> parameters = new ArrayList<>(List.of("search=" + prefix));
            if (!after.isEmpty()) {
                parameters.add("after=" + after);
            }
            Answer answer = call("/events/replay", parameters.toArray(String[]::new));
            replayed.addAll(keys(answer));
            JsonNode next = answer.body().path("next");
            after = next.isMissingNode() ? null : next.asText();
            batches.add(after);
        }
        assertEquals(3, batches.size());
        assertEquals(many, replayed.stream().distinct().count());
        assertEquals(before, queue(DEAD_LETTERS).getMessageCount());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> queue(EVENTS).countMessages("RelayKey LIKE '" + prefix + "%'") == many);
        queue(EVENTS).removeMessages("RelayKey LIKE '" + prefix + "%'");
        relay.context().getRouteController().startRoute("process-event");
    }

    /** As if WordPress had refused so many. */
    private static void makeDead(String prefix, int count) {
        List<UUID> ids = new ArrayList<>();
        // One transaction: the dispatcher does not see them before they are dead.
        new TransactionTemplate(new DataSourceTransactionManager(relay.bean(DataSource.class)))
                .executeWithoutResult(transaction -> {
                    for (int number = 0; number < count; number++) {
                        ids.add(addComment(prefix + "-" + number));
                    }
                    database()
                            .sql("UPDATE relay_event SET status = 'error', dispatched_at = received_at"
                                    + " WHERE idempotency_key LIKE ?")
                            .param(prefix + "%")
                            .update();
                });
        try (JMSContext broker = relay.bean(ConnectionFactory.class).createContext(JMSContext.SESSION_TRANSACTED)) {
            JMSProducer producer = broker.createProducer();
            for (UUID id : ids) {
                producer.setProperty("RelayId", id.toString())
                        .setProperty("RelayReason", "refused")
                        .send(broker.createQueue(DEAD_LETTERS), id.toString());
            }
            broker.commit();
        }
    }

    private static UUID addComment(String key) {
        byte[] payload = Samples.comment(key, "Well said.").toString().getBytes(StandardCharsets.UTF_8);
        UUID id = EventLog.nextId();
        relay.bean(EventLog.class)
                .add(new ReceivedEvent(id, "default", key, "comment.created", payload, "request", null));
        return id;
    }

    @Test
    void a_removal_of_letters_that_is_not_committed_leaves_them_there() throws Exception {
        String key = dead();
        try (DeadLetters.Removal removal = relay.bean(DeadLetters.class).remove()) {
            removal.receive(List.of(event(key).id()));
            assertEquals(1, queue(DEAD_LETTERS).getDeliveringCount());
        }
        await().until(() -> letters(key) == 1);
        assertEquals("error", event(key).status());
    }
}

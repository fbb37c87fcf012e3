package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import events.Event;
import events.EventLog;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultExchangeHolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Camel's and the broker's own headers would do if a stranger could set them (CVE-2025-27636 and kin), and what
 * serialized objects would: from a request, from a message in the broker and from WordPress' answers.
 */
class SteeringHeadersTest {
    private static final String RESULTS = "/wp-json/ai-relay/v1/results";
    private static final Set<String> OF_THE_RELAY =
            Set.of("RelayEvent", "RelayId", "RelayKey", "RelayReplays", "RelaySite");
    private static final AtomicBoolean IS_DESERIALIZED = new AtomicBoolean();

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer wordpress;
    static WireMockServer elsewhere;
    static TestRelay relay;

    /** Says when somebody reads it. */
    private static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream stream) {
            IS_DESERIALIZED.set(true);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        wordpress = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        elsewhere = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        elsewhere.start();
        relay = new TestRelay(dataDir)
                .with("WP_SITE_URL", wordpress.baseUrl())
                .with("RELAY_RETRY_DELAYS", "100ms")
                .startReady();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        wordpress.stop();
        elsewhere.stop();
    }

    @BeforeEach
    void allIsWell() {
        wordpress.resetAll();
        elsewhere.resetAll();
        elsewhere.stubFor(any(anyUrl()).willReturn(okJson("{\"status\":\"applied\"}")));
        wordpress.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
    }

    @AfterEach
    void workersWork() throws Exception {
        relay.context().getRouteController().startRoute("process-event");
    }

    /** Each would, if it were heeded, send a message or a request elsewhere, or change what becomes of it. */
    private static Map<String, String> steering() {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String camel : new String[] {"Camel", "CAmel", "camel", "CAMEL"}) {
            headers.put(camel + "HttpUri", elsewhere.baseUrl());
            headers.put(camel + "HttpPath", "/stolen");
            headers.put(camel + "HttpQuery", "stolen=1");
            headers.put(camel + "HttpMethod", "DELETE");
            headers.put(camel + "BeanMethodName", "authorization");
            headers.put(camel + "JmsDestinationName", "relay.dead-letters");
        }
        headers.put("org.apache.camel.Anything", "1");
        headers.put("_AMQ_DUPL_ID", "taken");
        headers.put("_AMQ_SCHED_DELIVERY", "32503680000000");
        headers.put("_AMQ_GROUP_ID", "one");
        headers.put("JMSXGroupID", "one");
        headers.put("JMSType", "other");
        headers.put("JMSCorrelationID", "other");
        headers.put("JMSReplyTo", "relay.dead-letters");
        headers.put("JMSPriority", "9");
        headers.put("RelayKey", "other");
        headers.put("RelayRestPath", "/other");
        return headers;
    }

    private static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
    }

    private static String send(String query, Map<String, String> more) {
        String key = Samples.key();
        byte[] body = Samples.comment(key, "Well said.").toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = relay.client().headers(key, body);
        // Of names that differ in their case alone HTTP has one, with several values.
        more.forEach((name, value) -> headers.merge(name, value, (one, other) -> one));
        assertEquals(
                202,
                relay.client()
                        .call("POST", "/webhooks/wp" + query, headers, BodyPublishers.ofByteArray(body))
                        .status());
        return key;
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static JMSContext broker() {
        return relay.bean(ConnectionFactory.class).createContext(JMSContext.AUTO_ACKNOWLEDGE);
    }

    private static List<Message> messages(JMSContext broker, String queue, String selector) throws JMSException {
        try (QueueBrowser browser = broker.createBrowser(broker.createQueue(queue), selector)) {
            return Collections.list(browser.getEnumeration()).stream()
                    .map(Message.class::cast)
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void no_header_and_no_query_parameter_of_a_request_comes_to_the_queue(boolean isQuery) throws Exception {
        relay.context().getRouteController().stopRoute("process-event");
        String key = isQuery ? send(query(steering()), Map.of()) : send("", steering());
        try (JMSContext broker = broker()) {
            String mine = "RelayKey = '" + key + "'";
            await().until(() -> messages(broker, "relay.events", mine).size() == 1);
            Message message = messages(broker, "relay.events", mine).get(0);
            Set<String> properties = new TreeSet<>();
            for (Object name : Collections.list(message.getPropertyNames())) {
                properties.add(name.toString());
            }
            properties.removeIf(name -> name.startsWith("JMSXDeliveryCount") || name.equals("_AMQ_DUPL_ID"));
            assertEquals(OF_THE_RELAY, properties);
            assertEquals(event(key).id().toString(), message.getBody(String.class));
            assertEquals(
                    event(key).id() + "/0", message.getStringProperty("_AMQ_DUPL_ID"), "which the dispatcher has set");
            assertNull(message.getJMSType());
            assertNull(message.getJMSReplyTo());
            assertEquals(Message.DEFAULT_PRIORITY, message.getJMSPriority());
            assertEquals("default", message.getStringProperty("RelaySite"));
        }
        relay.context().getRouteController().startRoute("process-event");
        assertIsDoneAsEver(key);
    }

    private static void assertIsDoneAsEver(String key) {
        await().until(() -> event(key).status().equals("done"));
        assertEquals(0, elsewhere.findAll(anyRequestedFor(anyUrl())).size());
        List<LoggedRequest> requests = wordpress.findAll(anyRequestedFor(anyUrl()));
        LoggedRequest callBack = requests.get(requests.size() - 1);
        assertEquals("POST", callBack.getMethod().getName());
        assertEquals(RESULTS, callBack.getUrl());
        assertEquals(key + ":moderate_comment", callBack.getHeader("Idempotency-Key"));
    }

    @Test
    void no_property_of_a_message_in_the_queue_steers_the_call_back() throws Exception {
        relay.context().getRouteController().stopRoute("process-event");
        String key = send("", Map.of());
        try (JMSContext broker = broker()) {
            String mine = "RelayKey = '" + key + "'";
            assertNotNull(broker.createConsumer(broker.createQueue("relay.events"), mine)
                    .receive(10_000));
            JMSProducer producer = broker.createProducer();
            steering().forEach((name, value) -> {
                if (!name.startsWith("JMS") && !name.startsWith("_AMQ") && !name.contains(".")) {
                    producer.setProperty(name, value);
                }
            });
            producer.send(broker.createQueue("relay.events"), event(key).id().toString());
        }
        relay.context().getRouteController().startRoute("process-event");
        assertIsDoneAsEver(key);
    }

    @Test
    void no_header_of_an_answer_steers_the_next_request() {
        ResponseDefinitionBuilder answer = okJson("{\"content\":{\"rendered\":\"A post.\"}}");
        steering().forEach(answer::withHeader);
        wordpress.stubFor(get("/wp-json/wp/v2/posts/42").willReturn(answer));
        String key = Samples.key();
        assertEquals(
                202, relay.client().send(key, Samples.guidePost(key).toString()).status());
        await().until(() -> event(key).status().equals("done"));
        assertEquals(0, elsewhere.findAll(anyRequestedFor(anyUrl())).size());
        assertEquals(
                List.of("GET /wp-json/wp/v2/posts/42", "POST " + RESULTS),
                wordpress.findAll(anyRequestedFor(anyUrl())).stream()
                        .map(request -> request.getMethod() + " " + request.getUrl())
                        .sorted()
                        .toList());
    }

    @Test
    void an_object_in_the_queue_is_not_deserialized_and_does_not_come_back() throws Exception {
        assertBecomesDeadLetter(new Gadget(), "gadget");
        assertFalse(IS_DESERIALIZED.get());
    }

    @Test
    void an_exchange_in_the_queue_is_not_unmarshalled() throws Exception {
        Exchange exchange = new DefaultExchange(relay.context());
        String key = send("", Map.of());
        await().until(() -> event(key).status().equals("done"));
        exchange.getMessage().setBody(event(key).id().toString());
        exchange.getMessage().setHeader("RelayKey", "unmarshalled");
        assertBecomesDeadLetter(DefaultExchangeHolder.marshal(exchange, false), "exchange");
    }

    /** As what it says it is, an object, and not as what is in it. */
    private static void assertBecomesDeadLetter(Serializable object, String name) throws Exception {
        try (JMSContext broker = broker()) {
            broker.createProducer()
                    .setProperty("RelayKey", name)
                    .send(broker.createQueue("relay.events"), broker.createObjectMessage(object));
            String mine = "RelayKey = '" + name + "'";
            await().until(() -> messages(broker, "relay.dead-letters", mine).size() == 1);
            assertEquals(
                    "a message in relay.events does not hold the id of an event",
                    messages(broker, "relay.dead-letters", mine).get(0).getStringProperty("RelayReason"));
            assertEquals(List.of(), messages(broker, "relay.events", mine));
        }
    }
}

package routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Event;
import events.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import routes.Client.Answer;

/** WooCommerce's webhooks, over the wire, as {@code WC_Webhook::deliver} sends them. */
class ReceiveWooCommerceWebhookTest {
    private static final String PLUGIN = "the secret of the plugin";
    private static final String STANDARD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ORDERS = "0HxR)<the secret> of new & \"old\" orders";
    private static final String CHANGES = "the secret of orders that change";
    private static final String SITES = """
            sites:
              - id: shop
                secrets:
                  - {key: shop-1, secret: the secret of the plugin}
                  - {key: shop-2, secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}
                  - {key: shop-orders, secret: file:orders, woocommerce: [order.created]}
                  - {key: shop-changes, secret: the secret of orders that change,
                     woocommerce: [order.deleted, order.restored, post.published]}
                  - {key: shop-old, secret: an old one, woocommerce: [order.created], expires: 2026-01-01T00:00:00Z}
                  - {key: shop-new, secret: a new one, woocommerce: [order.created], not-before: 2126-01-01T00:00:00Z}
              - id: boutique
                secrets: [{key: boutique-orders, secret: the secret of the boutique, woocommerce: [order.created]}]
                limits: {rate: 5}
              - id: blog
                secrets: [{key: blog-orders, secret: the secret of the blog, woocommerce: [order.created]}]
                events: [post.published]
              - id: intranet
                secrets: [{key: intranet-orders, secret: the secret of the intranet, woocommerce: [order.created]}]
                addresses: [203.0.113.0/24]
            """;

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static TestRelay relay;
    static Client client;

    private static final AtomicInteger ORDER = new AtomicInteger(700);

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(dataDir.resolve("orders"), ORDERS);
        relay = new TestRelay(dataDir)
                .with("WP_RELAY_SECRET", "")
                .with(
                        "RELAY_SITES_FILE",
                        Files.writeString(dataDir.resolve("sites.yaml"), SITES).toString())
                .startReady();
        client = relay.client(PLUGIN);
        replaceAutomations();
    }

    /** As an engineer would add one: a route for the topic, whose body is the order. */
    private static void replaceAutomations() throws Exception {
        relay.context().getRouteController().stopRoute("route-event");
        relay.context().removeRoute("route-event");
        RouteBuilder.addRoutes(relay.context(), routes -> routes.from("direct:route-event")
                .routeId("route-event")
                .setBody()
                .simple("${header.RelayEvent} of ${header.RelaySite}: ${body[number]}"));
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static String sign(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code wp_hash} makes it: 32 characters of hex. */
    private static String deliveryId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static byte[] order() {
        int id = ORDER.incrementAndGet();
        String order = "{\"id\":%d,\"number\":\"%d\",\"total\":\"29.35\",\"billing\":{\"city\":\"K\\u00f6ln\"},"
                + "\"shipping_lines\":[],\"date_created_gmt\":\"2026-11-26T17:00:00\"}";
        return order.formatted(id, id).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(String secret, String topic, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "WooCommerce/10.3.5 Hookshot (WordPress/6.8.3)");
        headers.put("X-WC-Webhook-Source", "https://shop.example/");
        headers.put("X-WC-Webhook-Topic", topic);
        headers.put("X-WC-Webhook-Resource", topic.split("\\.")[0]);
        headers.put("X-WC-Webhook-Event", topic.split("\\.")[1]);
        headers.put("X-WC-Webhook-Signature", sign(secret, body));
        headers.put("X-WC-Webhook-ID", "5");
        headers.put("X-WC-Webhook-Delivery-ID", deliveryId());
        return headers;
    }

    private static Answer deliver(String secret, String topic, byte[] body) {
        return client.post(headers(secret, topic, body), body);
    }

    private static Event recorded(Answer answer) {
        assertEquals(202, answer.status(), () -> answer.body().toString());
        return relay.bean(EventLog.class)
                .findByKey(key(answer.body().path("id").asText()))
                .get(0);
    }

    private static String key(String id) {
        return JdbcClient.create(relay.bean(DataSource.class))
                .sql("SELECT idempotency_key FROM relay_event WHERE id = ?")
                .param(UUID.fromString(id))
                .query(String.class)
                .single();
    }

    private static long numberOfEvents() {
        return JdbcClient.create(relay.bean(DataSource.class))
                .sql("SELECT count(*) FROM relay_event")
                .query(Long.class)
                .single();
    }

    private static String status(Answer answer) {
        return answer.body().path("status").asText();
    }

    private static void assertRejected(int status, String error, Answer answer) {
        assertEquals(status, answer.status(), () -> answer.body().toString());
        assertEquals(error, answer.body().path("error").asText());
    }

    private static void assertInvalid(String field, Answer answer) {
        assertRejected(422, "invalid event", answer);
        assertEquals(field, answer.body().at("/details/0/field").asText());
    }

    @Test
    void a_delivery_is_recorded_byte_for_byte_under_its_topic_and_worked_on() throws IOException {
        byte[] body = order();
        Event event = recorded(deliver(ORDERS, "order.created", body));
        assertArrayEquals(body, event.payload());
        assertEquals("order.created", event.event());
        assertEquals("shop", event.site());
        await().until(() -> relay.bean(EventLog.class)
                .findByKey(event.key())
                .get(0)
                .status()
                .equals("done"));
        JsonNode result = new ObjectMapper()
                .readTree(
                        relay.bean(EventLog.class).findByKey(event.key()).get(0).result());
        assertEquals("order.created of shop: " + ORDER.get(), result.asText());
    }

    @Test
    void http_1_0_is_answered_as_wordpress_speaks_it() throws IOException {
        byte[] body = order();
        StringBuilder head = new StringBuilder("POST /webhooks/wp HTTP/1.0\r\nHost: relay\r\nConnection: close\r\n");
        headers(ORDERS, "order.created", body)
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        try (Socket socket = new Socket("127.0.0.1", relay.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes(head.toString()));
            socket.getOutputStream().write(body);
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.matches("(?s)HTTP/1\\.[01] 202 .*\r\n\r\n\\{\"status\":\"accepted\",.*}"), answer);
        }
    }

    @Test
    void an_order_is_created_once_whatever_a_captured_request_calls_its_delivery() {
        byte[] body = order();
        Answer first = deliver(ORDERS, "order.created", body);
        Answer again = deliver(ORDERS, "order.created", body);
        assertEquals("accepted", status(first));
        assertEquals("duplicate", status(again));
        assertEquals(first.body().path("id"), again.body().path("id"));
    }

    @Test
    void two_deliveries_within_a_second_have_one_id_and_are_two_events() {
        byte[] one = bytes("{\"id\":1}");
        byte[] other = bytes("{\"id\":2}");
        Map<String, String> headers = headers(CHANGES, "order.deleted", one);
        Map<String, String> next = new LinkedHashMap<>(headers);
        next.put("X-WC-Webhook-Signature", sign(CHANGES, other));
        Event first = recorded(client.post(headers, one));
        Event second = recorded(client.post(next, other));
        assertNotEquals(first.id(), second.id());
        assertArrayEquals(other, second.payload());
        assertEquals("duplicate", status(client.post(headers, one)));
        String id = headers.get("X-WC-Webhook-Delivery-ID");
        assertTrue(first.key().startsWith(id + ":") && second.key().startsWith(id + ":"), first.key());
    }

    @Test
    void what_is_deleted_twice_is_two_events_though_the_bodies_are_the_same() {
        byte[] body = bytes("{\"id\":3}");
        assertEquals("accepted", status(deliver(CHANGES, "order.deleted", body)));
        assertEquals("accepted", status(deliver(CHANGES, "order.deleted", body)));
    }

    @Test
    void a_wrong_signature_is_refused_and_nothing_is_recorded() {
        byte[] body = order();
        long before = numberOfEvents();
        assertRejected(401, "bad signature", deliver("another secret", "order.created", body));
        assertRejected(401, "bad signature", client.post(headers(ORDERS, "order.created", body), order()));
        Map<String, String> hex = headers(ORDERS, "order.created", body);
        hex.computeIfPresent("X-WC-Webhook-Signature", (name, value) -> java.util.HexFormat.of()
                .formatHex(Base64.getDecoder().decode(value)));
        assertRejected(401, "bad signature", client.post(hex, body));
        Map<String, String> unknown = headers(ORDERS, "order.created", body);
        unknown.put("X-WP-Key-Id", "nobody");
        assertRejected(401, "bad signature", client.post(unknown, body));
        assertEquals(before, numberOfEvents());
    }

    @ParameterizedTest
    @ValueSource(strings = {"an old one", "a new one"})
    void a_secret_that_is_not_valid_now_verifies_nothing(String secret) {
        assertRejected(401, "bad signature", deliver(secret, "order.created", order()));
    }

    @Test
    void a_secret_of_the_plugins_signs_no_webhook_and_the_other_way_round() {
        assertRejected(401, "bad signature", deliver(PLUGIN, "order.created", order()));
        assertRejected(401, "bad signature", deliver(STANDARD, "order.created", order()));
        String key = Samples.key();
        byte[] post = bytes(Samples.post(key).toString());
        for (String keyId : List.of("shop-1", "shop-orders")) {
            Map<String, String> headers = relay.client(ORDERS).headers(key, post);
            headers.put("X-WP-Key-Id", keyId);
            assertRejected(401, "bad signature", client.post(headers, post));
        }
    }

    @Test
    void of_several_signatures_the_plugins_counts_then_that_of_standard_webhooks() {
        String key = Samples.key();
        byte[] post = bytes(Samples.post(key).toString());
        Map<String, String> both = headers("another secret", "order.created", post);
        both.putAll(client.headers(key, post));
        both.put("X-WP-Key-Id", "shop-1");
        assertEquals("post.published", recorded(client.post(both, post)).event());

        byte[] order = order();
        Map<String, String> plugin = headers(ORDERS, "order.created", order);
        plugin.putAll(relay.client("another secret").headers(key, order));
        plugin.put("X-WP-Key-Id", "shop-1");
        assertRejected(401, "bad signature", client.post(plugin, order));
        Map<String, String> standard = headers(ORDERS, "order.created", order);
        standard.put("webhook-id", key);
        standard.put("webhook-timestamp", Long.toString(System.currentTimeMillis() / 1000));
        standard.put("webhook-signature", "v1," + standard.get("X-WC-Webhook-Signature"));
        assertRejected(401, "bad signature", client.post(standard, order));
    }

    @Test
    void the_topic_has_to_be_one_of_the_secret_and_of_the_site_and_have_a_schema() {
        byte[] body = order();
        assertInvalid("X-WC-Webhook-Topic", deliver(ORDERS, "order.deleted", body));
        assertInvalid("X-WC-Webhook-Topic", deliver(CHANGES, "order.created", body));
        assertInvalid("event", deliver(CHANGES, "order.restored", body));
        assertInvalid("event", deliver("the secret of the blog", "order.created", body));
        assertInvalid("event", deliver(CHANGES, "post.published", body));
    }

    @Test
    void a_body_that_is_none_of_its_topic_is_refused_with_the_reason() {
        assertInvalid("id", deliver(ORDERS, "order.created", bytes("{\"code\":\"woocommerce_rest_cannot_view\"}")));
        assertRejected(422, "invalid event", deliver(ORDERS, "order.created", bytes("null")));
        assertRejected(400, "invalid json", deliver(ORDERS, "order.created", bytes("{")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-WC-Webhook-Topic", "X-WC-Webhook-Delivery-ID", "X-WC-Webhook-Signature"})
    void a_delivery_without_one_of_its_headers_is_refused(String header) {
        byte[] body = order();
        Map<String, String> headers = headers(ORDERS, "order.created", body);
        headers.remove(header);
        assertRejected(400, "missing headers", client.post(headers, body));
    }

    @ParameterizedTest
    @CsvSource({"order.created, shop", "order.deleted, changes"})
    void a_delivery_id_that_cannot_be_in_a_key_is_named(String topic) {
        byte[] body = order();
        String secret = topic.equals("order.created") ? ORDERS : CHANGES;
        for (String id : List.of("x".repeat(48), "a/b")) {
            Map<String, String> headers = headers(secret, topic, body);
            headers.put("X-WC-Webhook-Delivery-ID", id);
            assertInvalid("X-WC-Webhook-Delivery-ID", client.post(headers, body));
        }
        Map<String, String> longest = headers(secret, topic, body);
        longest.put("X-WC-Webhook-Delivery-ID", "x".repeat(47));
        assertEquals(202, client.post(longest, body).status());
    }

    @Test
    void the_site_is_the_one_whose_secret_verifies_and_its_rate_is_its_own() {
        byte[] body = order();
        assertEquals(
                "boutique",
                recorded(deliver("the secret of the boutique", "order.created", body))
                        .site());
        await().until(() -> IntStream.range(0, 20)
                .map(i -> deliver("the secret of the boutique", "order.created", order())
                        .status())
                .anyMatch(status -> status == 429));
        assertEquals(202, deliver(ORDERS, "order.created", order()).status());
    }

    @Test
    void a_site_sends_from_its_addresses() {
        assertRejected(403, "address not allowed", deliver("the secret of the intranet", "order.created", order()));
    }

    @Test
    void the_address_of_the_webhook_may_name_the_key() {
        byte[] body = order();
        Map<String, String> headers = headers(ORDERS, "order.created", body);
        String path = "/webhooks/wp?X-WP-Key-Id=";
        assertRejected(
                401,
                "bad signature",
                client.call("POST", path + "boutique-orders", headers, BodyPublishers.ofByteArray(body)));
        assertEquals(
                202,
                client.call("POST", path + "shop-orders", headers, BodyPublishers.ofByteArray(body))
                        .status());
    }

    @Test
    void deliveries_are_counted_by_their_key_and_topic() {
        MeterRegistry meters = relay.bean(MeterRegistry.class);
        var verified = meters.counter("relay.verified", "site", "shop", "key", "shop-changes");
        var accepted = meters.counter("relay.events", "site", "shop", "event", "order.deleted", "outcome", "accepted");
        double verifiedBefore = verified.count();
        double acceptedBefore = accepted.count();
        deliver(CHANGES, "order.deleted", bytes("{\"id\":4}"));
        deliver(CHANGES, "order.restored", bytes("{\"id\":4}"));
        await().until(() -> verified.count() == verifiedBefore + 2 && accepted.count() == acceptedBefore + 1);
    }

    /** As {@code WC_Webhook::deliver_ping} sends it. */
    private static Answer ping(String body) {
        return client.post(Map.of("Content-Type", "application/x-www-form-urlencoded"), bytes(body));
    }

    @Test
    void the_ping_of_a_webhook_that_is_saved_is_answered_and_not_recorded() {
        long before = numberOfEvents();
        Answer answer = ping("webhook_id=5");
        assertEquals(200, answer.status());
        assertEquals("pong", status(answer));
        assertEquals(before, numberOfEvents());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "webhook_id=", "webhook_id=five", "webhook_id=5&event=order.created", "id=5"})
    void another_form_is_refused(String body) {
        assertRejected(415, "unsupported media type", ping(body));
    }
}

package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.matching.UrlPattern;
import events.Event;
import events.EventLog;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A site whose name leads to this machine, over the wire: WordPress listens on every address of it. */
class PrivateAddressesTest {
    private static final String HOST = "wordpress.test";
    private static final String ALLOWED = "127.0.0.2";
    private static final UrlPattern RESULTS = urlEqualTo("/wp-json/ai-relay/v1/results");
    private static final UrlPattern POST = urlEqualTo("/wp-json/wp/v2/posts/42");

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static WireMockServer wordpress;
    static FakeDns dns;
    static TestRelay relay;

    @BeforeAll
    static void start() throws Exception {
        wordpress = new WireMockServer(
                WireMockConfiguration.options().bindAddress("0.0.0.0").dynamicPort());
        wordpress.start();
        dns = new FakeDns();
        relay = new TestRelay(dataDir)
                .with("WP_SITE_URL", "http://" + HOST + ":" + wordpress.port())
                .with("RELAY_PRIVATE_ADDRESSES", ALLOWED)
                .with("RELAY_RETRY_DELAYS", "100ms")
                .with(dns)
                .startReady();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        wordpress.stop();
    }

    @BeforeEach
    void allIsWell() {
        JdbcClient.create(relay.bean(DataSource.class))
                .sql("DELETE FROM relay_pause")
                .update();
        wordpress.resetAll();
        // A connection that is kept would be used again, without a look at its name.
        wordpress.stubFor(
                post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}").withHeader("Connection", "close")));
        wordpress.stubFor(get(POST)
                .willReturn(okJson("{\"content\":{\"rendered\":\"A post.\"}}").withHeader("Connection", "close")));
    }

    private static String send(Object event, String key) {
        assertEquals(202, relay.client().send(key, event.toString()).status());
        return key;
    }

    private static String sendComment() {
        String key = Samples.key();
        return send(Samples.comment(key, "Well said."), key);
    }

    private static Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static void awaitDone(String key) {
        await().atMost(Duration.ofSeconds(30)).until(() -> event(key).status().equals("done"));
    }

    private static void assertWaitsUnasked(String key, String address) {
        await().until(() -> event(key).error() != null);
        assertEquals("queued", event(key).status());
        assertEquals(0, event(key).retries());
        assertTrue(
                event(key).error().contains(HOST + " is " + address), event(key).error());
        assertTrue(
                event(key).error().contains("RELAY_PRIVATE_ADDRESSES"),
                event(key).error());
        assertEquals(0, callBacks(key));
    }

    /** Of this event alone: what an earlier test has left waiting may be called back at any time. */
    private static int callBacks(String key) {
        return wordpress
                .findAll(postRequestedFor(RESULTS).withHeader("Idempotency-Key", matching(key + ":.*")))
                .size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "169.254.169.254", "fd00:0:0:0:0:0:0:1"})
    void a_site_whose_name_has_a_private_address_is_not_asked_and_its_event_waits(String address) {
        dns.with(HOST, address);
        assertWaitsUnasked(sendComment(), address);
    }

    @Test
    void the_content_of_a_post_is_not_fetched_there_either() {
        dns.with(HOST, "127.0.0.1");
        String key = Samples.key();
        assertWaitsUnasked(send(Samples.guidePost(key), key), "127.0.0.1");
        assertEquals(0, wordpress.findAll(getRequestedFor(POST)).size());
    }

    @Test
    void an_address_that_is_allowed_is_called() {
        dns.with(HOST, ALLOWED);
        awaitDone(sendComment());
    }

    @Test
    void of_several_addresses_only_those_that_may_be_called_are() {
        dns.with(HOST, "127.0.0.1", ALLOWED);
        String key = sendComment();
        awaitDone(key);
        assertEquals(1, callBacks(key));
    }

    @Test
    void a_name_that_is_bent_after_the_first_request_is_refused_and_its_event_done_once_it_is_mended() {
        dns.with(HOST, ALLOWED);
        awaitDone(sendComment());
        wordpress.resetRequests();
        dns.with(HOST, "127.0.0.1");
        String bent = sendComment();
        assertWaitsUnasked(bent, "127.0.0.1");
        dns.with(HOST, ALLOWED);
        awaitDone(bent);
        assertEquals(0, event(bent).retries());
    }

    /** To Camel, https is another component. */
    @Test
    void a_name_is_looked_at_over_tls_as_well() throws Exception {
        dns.with(HOST, "10.1.2.3");
        try (ProducerTemplate producer = relay.context().createProducerTemplate()) {
            CamelExecutionException failure = assertThrows(
                    CamelExecutionException.class, () -> producer.requestBody("https://" + HOST + "/", ""));
            String reason = failure.getCause().getMessage();
            assertTrue(reason.contains("RELAY_PRIVATE_ADDRESSES"), reason);
        }
    }
}

package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.matching.UrlPattern;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** That what {@code wordpress.DrainsTest} has in parts is put together in a relay, over the wire. */
class KeepContactTest {
    private static final UrlPattern DRAIN = urlEqualTo("/wp-json/ai-relay/v1/drain");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir(cleanup = CleanupMode.NEVER)
    Path dataDir;

    private static int send(TestRelay relay, long sequence) {
        String key = "number-" + sequence;
        ObjectNode event = Samples.comment(key, "Well said.").put("sequence", sequence);
        return relay.client().send(key, event.toString()).status();
    }

    private static List<String> ranges(JdbcClient database) {
        return database.sql("SELECT first_number, last_number FROM relay_site_sequence ORDER BY first_number")
                .query((row, number) -> row.getLong(1) + "-" + row.getLong(2))
                .list();
    }

    private static double gauge(TestRelay relay, String name) {
        return relay.bean(MeterRegistry.class)
                .get(name)
                .tag("site", "default")
                .gauge()
                .value();
    }

    @Test
    void a_site_is_asked_for_what_is_missing_and_what_comes_is_missing_no_longer() throws Exception {
        WireMockServer wordpress =
                new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        wordpress.stubFor(any(anyUrl()).willReturn(okJson("{\"status\":\"applied\"}")));
        wordpress.stubFor(post(DRAIN)
                .willReturn(
                        okJson("{\"sent\":0,\"refused\":0,\"retry\":0,\"waiting\":1,\"sequence\":5,\"absent\":[3]}")));
        try (TestRelay relay =
                new TestRelay(dataDir).bringingResultsTo(wordpress.baseUrl()).startReady()) {
            JdbcClient database = JdbcClient.create(relay.bean(DataSource.class));
            assertEquals(202, send(relay, 1));
            assertEquals(202, send(relay, 5));
            assertEquals(202, send(relay, 5));
            assertEquals(
                    202,
                    relay.client()
                            .send("none", Samples.comment("none", "As well.").toString())
                            .status());
            await().atMost(PATIENCE).untilAsserted(() -> assertEquals(List.of("1-1", "5-5"), ranges(database)));
            // As if two minutes had passed.
            database.sql("UPDATE relay_site_sequence SET since = CURRENT_TIMESTAMP - INTERVAL '3' MINUTE")
                    .update();
            await().atMost(PATIENCE)
                    .until(() -> wordpress.findAll(postRequestedFor(DRAIN)).size() == 1);
            assertEquals(
                    "{\"sequences\":[2,3,4]}",
                    wordpress.findAll(postRequestedFor(DRAIN)).get(0).getBodyAsString());
            assertTrue(wordpress.findAll(postRequestedFor(DRAIN)).get(0).containsHeader("Authorization"));
            await().atMost(PATIENCE).until(() -> gauge(relay, "relay.events.missing") > 0);
            assertEquals(202, send(relay, 2));
            assertEquals(202, send(relay, 4));
            await().atMost(PATIENCE).untilAsserted(() -> assertEquals(List.of("1-5"), ranges(database)));
            await().atMost(PATIENCE).until(() -> gauge(relay, "relay.events.missing") == 0);
            assertTrue(gauge(relay, "relay.site.silent.seconds") < PATIENCE.toSeconds());
        } finally {
            wordpress.stop();
        }
    }
}

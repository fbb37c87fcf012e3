package metrics;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import events.EventLog;
import ingress.TestKeystore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import routes.Client;
import routes.Completions;
import routes.Samples;
import routes.TestRelay;

/** A relay with two sites and an AI to which all happens that is counted: well, badly, refused, failed for good. */
final class LoadedRelay implements AutoCloseable {
    private static final String RESULTS = "/wp-json/ai-relay/v1/results";
    private static final String ENRICHMENT =
            "{\"summary\":\"S.\",\"seo_title\":\"T\",\"seo_description\":\"D.\",\"keywords\":[\"k\"],\"language\":\"en\"}";
    private static final String VERDICT = "{\"verdict\":\"spam\",\"confidence\":0.9,\"reason\":\"An offer.\"}";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final WireMockServer others =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private final TestKeystore keystore;
    private final TestRelay relay;
    private int sequence;

    LoadedRelay(Path directory) throws Exception {
        Files.createDirectories(directory);
        others.start();
        others.stubFor(post("/v1/chat/completions").willReturn(okJson(Completions.of(VERDICT, 700, 200))));
        others.stubFor(post("/v1/chat/completions")
                .withRequestBody(containing("seo_title"))
                .willReturn(okJson(Completions.of(ENRICHMENT, 700, 200))));
        others.stubFor(post(RESULTS).willReturn(okJson("{\"status\":\"applied\"}")));
        others.stubFor(post(RESULTS)
                .withHeader("Idempotency-Key", containing("dead"))
                .willReturn(aResponse().withStatus(422)));
        keystore = TestKeystore.create(directory.resolve("relay.p12"), "relay", "-validity", "10");
        relay = new TestRelay(directory)
                .with("WP_RELAY_SECRET", "")
                .with("RELAY_SITES_FILE", sites(directory).toString())
                .with("RELAY_TLS_KEYSTORE", keystore.file().toString())
                .with("RELAY_TLS_PASSWORD", TestKeystore.PASSWORD)
                .asking(others.baseUrl())
                .with("AI_TOGETHER_WAIT", "0s")
                .with("AI_DAILY_TOKENS", "100000")
                .with("AI_PRICE_IN", "1")
                .with("RELAY_RETRY_DELAYS", "200ms,10m")
                .startReady();
    }

    private Path sites(Path directory) throws IOException {
        return Files.writeString(directory.resolve("sites.yaml"), """
                sites:
                  - id: shop
                    url: %s
                    secrets: [{key: shop, secret: the secret of the shop, expires: '%s'}]
                    credentials: {user: relay, password: abcd efgh ijkl}
                  - id: blog
                    secrets: [{key: blog, secret: the secret of the blog}]
                """.formatted(
                        others.baseUrl(), Instant.now().plus(10, ChronoUnit.DAYS)));
    }

    /** At the end one event is dead, one waits for a later try, and the rest are done. */
    LoadedRelay load() {
        for (int i = 0; i < 5; i++) {
            done("shop", Samples.post(Samples.key()));
        }
        done("shop", Samples.comment(Samples.key(), "Buy now."));
        done("blog", Samples.post(Samples.key()));
        ObjectNode twice = Samples.post(Samples.key());
        done("blog", twice);
        assertEquals(202, send("blog", twice));
        assertEquals(400, client("blog").send("k", "{").status());
        assertEquals(422, send("blog", Samples.post(Samples.key()).put("event", "unheard.of")));
        fail("dead-" + Samples.key(), "error");
        String replayed = "dead-" + Samples.key();
        fail(replayed, "error");
        relay.bean(events.Replays.class)
                .replay(relay.bean(EventLog.class).findByKey(replayed).get(0).id(), false, "a test", ids -> {});
        await().atMost(PATIENCE)
                .until(() -> event(replayed).attempts() == 2
                        && event(replayed).status().equals("error"));
        return this;
    }

    /** The site is down: its event is tried twice, and waits for a third try. */
    LoadedRelay failForNow() {
        others.stubFor(post(RESULTS)
                .withHeader("Idempotency-Key", containing("later"))
                .willReturn(aResponse().withStatus(503)));
        String key = "later-" + Samples.key();
        assertEquals(202, send("shop", Samples.post(key)));
        await().atMost(PATIENCE).until(() -> event(key).retries() == 2);
        return this;
    }

    private void fail(String key, String status) {
        assertEquals(202, send("shop", Samples.post(key)));
        await().atMost(PATIENCE).until(() -> event(key).status().equals(status));
    }

    private void done(String site, ObjectNode event) {
        assertEquals(202, send(site, event));
        String key = event.get("idempotency_key").asText();
        await().atMost(PATIENCE).until(() -> event(key).status().equals("done"));
    }

    private events.Event event(String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private Client client(String site) {
        return Client.overTls(relay.port(), "the secret of the " + site, keystore.trust());
    }

    private int send(String site, ObjectNode event) {
        if (site.equals("shop")) {
            event.put("sequence", ++sequence);
        }
        byte[] body = event.toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers =
                client(site).headers(event.get("idempotency_key").asText(), body);
        headers.put("X-WP-Key-Id", site);
        return client(site).post(headers, body).status();
    }

    TestRelay relay() {
        return relay;
    }

    /** What Prometheus would be told now. */
    String scrape() throws IOException, InterruptedException {
        return fetch("/observe/metrics");
    }

    String fetch(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(relay.managementUrl() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() throws Exception {
        if (relay.context().isStarted()) {
            relay.close();
        }
        others.stop();
    }
}

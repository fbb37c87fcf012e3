package metrics;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import routes.TestRelay;

/** A real Prometheus reads a relay: alerts come, and the dashboard has something to show. */
class PrometheusIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What there is nothing of as long as the relay has not been started again. */
    private static final List<String> MAY_BE_EMPTY = List.of("changes(");

    @TempDir(cleanup = CleanupMode.NEVER)
    Path directory;

    private final int port = TestRelay.freePort();

    /** The configuration that is shipped, but for its address and its time: a second for a minute. */
    private Path configuration(int relay) throws IOException {
        Path rules = directory.resolve("rules");
        Files.createDirectories(rules);
        Files.writeString(
                rules.resolve("ai-relay.yaml"),
                Files.readString(Promtool.PROMETHEUS.resolve("rules/ai-relay.yaml"))
                        .replaceAll("for: (\\d+)m", "for: $1s")
                        .replace("relay_site_silent_seconds) > 3600", "relay_site_silent_seconds) > 3"));
        return Files.writeString(
                directory.resolve("prometheus.yaml"),
                Files.readString(Promtool.PROMETHEUS.resolve("prometheus.yaml"))
                        .replace("15s", "1s")
                        .replaceAll("targets: .*", "targets: ['127.0.0.1:" + relay + "']"));
    }

    private Process prometheus(int relay) throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Promtool.program("prometheus").toString(),
                        "--config.file=" + configuration(relay),
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    private JsonNode ask(String path) {
        try {
            URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/" + path);
            return JSON.readTree(HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body())
                    .path("data");
        } catch (IOException e) {
            return JSON.createObjectNode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private JsonNode query(String expression) {
        return ask("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("result");
    }

    private Set<String> firing() {
        Set<String> firing = new HashSet<>();
        for (JsonNode alert : ask("alerts").path("alerts")) {
            if (alert.path("state").asText().equals("firing")) {
                firing.add(alert.at("/labels/alertname").asText());
            }
        }
        return firing;
    }

    @Test
    void alerts_come_and_each_question_of_the_dashboard_has_an_answer() throws Exception {
        Process prometheus;
        try (LoadedRelay relay = new LoadedRelay(directory.resolve("relay"))) {
            prometheus = prometheus(URI.create(relay.relay().managementUrl()).getPort());
            try {
                await().atMost(PATIENCE).until(() -> query("up == 1").size() == 1);
                relay.load().failForNow();
                await().atMost(PATIENCE).until(() -> firing().containsAll(
                                Set.of("RelayDeadLetters", "RelaySiteSilent", "RelayKeyExpires", "RelayTlsExpires")));
                await().atMost(PATIENCE).untilAsserted(() -> assertEquals(List.of(), unanswered()));
                relay.close();
                await().atMost(PATIENCE).until(() -> firing().contains("RelayDown"));
            } finally {
                prometheus.destroy();
                prometheus.waitFor();
            }
        }
    }

    private List<String> unanswered() throws IOException {
        List<String> unanswered = new ArrayList<>();
        for (String expression : Dashboard.read().expressions()) {
            if (MAY_BE_EMPTY.stream().noneMatch(expression::contains)
                    && query(expression).isEmpty()) {
                unanswered.add(expression);
            }
        }
        return unanswered;
    }
}

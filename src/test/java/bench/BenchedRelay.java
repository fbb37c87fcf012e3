package bench;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import operations.RelayProcess;
import routes.Samples;

/** A relay with an automation of the benchmark's in place of its own, that tells how far it is. */
final class BenchedRelay implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofMinutes(5);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final RelayProcess process;
    private final String secret;

    /** @param automation the name of a file in {@code src/test/resources/bench} */
    BenchedRelay(Path home, String automation, String secret, String javaOptions) throws IOException {
        Path routes = Path.of("src/test/resources/bench/" + automation + ".camel.yaml")
                .toAbsolutePath();
        this.secret = secret;
        process = new RelayProcess(Files.createDirectories(home))
                .with("WP_RELAY_SECRET", secret)
                .with("RELAY_BACKLOG_LIMIT", "10000000")
                .with("RELAY_RATE_LIMIT", "1000000")
                .with(
                        "RELAY_JAVA_OPTS",
                        javaOptions
                                + " -Dcamel.main.routesIncludePattern=classpath:camel/*.camel.yaml,file:" + routes
                                + " -Dcamel.main.routesExcludePattern=**/route-event.camel.yaml");
    }

    BenchedRelay with(String variable, String value) {
        process.with(variable, value);
        return this;
    }

    void start() throws IOException {
        process.start();
    }

    void stop() throws InterruptedException {
        process.terminate();
    }

    /** @return seconds from the start of the process to the answer to the first event that it takes */
    double startToAccepted() throws IOException {
        long start = System.nanoTime();
        process.launch();
        String key = Samples.key();
        await().atMost(Duration.ofMinutes(1))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> process.client(secret)
                                .send(key, Samples.post(key).toString())
                                .status()
                        == 202);
        return (System.nanoTime() - start) / 1e9;
    }

    int port() {
        return process.port();
    }

    long pid() {
        return process.pid();
    }

    /** Waits until all that was accepted has come to its end. */
    void drain() {
        double[] last = {-1};
        await().atMost(DRAIN)
                .pollDelay(Duration.ZERO)
                .pollInterval(BETWEEN_LOOKS)
                .until(() -> {
                    double before = last[0];
                    last[0] = done();
                    return last[0] == before && depth() == 0;
                });
    }

    /** Waits until it has made so many attempts since it started. */
    void awaitDone(double attempts) {
        await().atMost(DRAIN)
                .pollDelay(Duration.ZERO)
                .pollInterval(BETWEEN_LOOKS)
                .until(() -> done() >= attempts);
    }

    /** How many attempts it has made since it started. */
    double done() throws Exception {
        return metric("relay_automation_seconds_count");
    }

    private double depth() throws Exception {
        return metric("relay_outbox_depth") + metric("relay_queue_depth");
    }

    private double metric(String name) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + process.managementPort() + "/observe/metrics");
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(ANSWER).build();
        return HTTP.send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}

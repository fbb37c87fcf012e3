package chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What the relays themselves say is waiting or being worked on, in their outbox and in the queue, all of them together. */
final class InHand {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private InHand() {}

    /** @return not a number while the relay or its database does not answer */
    static double count(int managementPort) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + managementPort + "/observe/metrics"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            String metrics =
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return gauge(metrics, "relay_outbox_depth") + gauge(metrics, "relay_queue_depth");
        } catch (IOException e) {
            return Double.NaN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Double.NaN;
        }
    }

    private static double gauge(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}

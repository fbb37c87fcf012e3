package chaos;

import chaos.SampleEvents.SampleEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import routes.Client;

/** Signed requests to the relays in turn, over real HTTP, as a load balancer in front of them would spread them. */
final class Wire {
    /** Longer than the relay's own time-out of 8 s, so that it shows whether the relay keeps that. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param status {@link Answers#NONE} without an answer */
    record Reply(int status, String body, String retryAfter) {
        static final Reply NO_ANSWER = new Reply(Answers.NONE, "", null);

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                return JSON.missingNode();
            }
        }
    }

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final List<Integer> ports;
    private final String secret;
    private final AtomicInteger turn = new AtomicInteger();

    Wire(List<Integer> ports, String secret) {
        this.ports = List.copyOf(ports);
        this.secret = secret;
    }

    CompletableFuture<Reply> post(SampleEvent event) {
        return post(event, Duration.ZERO);
    }

    /** @param skew how far the sender's clock is ahead */
    CompletableFuture<Reply> post(SampleEvent event, Duration skew) {
        return send("/webhooks/wp", event.key(), event.body(), skew, ports.size());
    }

    /** {@code GET /webhooks/wp/{key}}. */
    CompletableFuture<Reply> status(String key) {
        return send("/webhooks/wp/" + key, key, null, Duration.ZERO, ports.size());
    }

    /** A caller that goes away in the middle of its request. */
    void abort(SampleEvent event) throws IOException {
        StringBuilder head = new StringBuilder("POST /webhooks/wp HTTP/1.1\r\nHost: relay\r\n");
        headers(event.key(), event.body(), Duration.ZERO)
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(event.body().length).append("\r\n\r\n");
        try (Socket socket = new Socket("127.0.0.1", nextPort())) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(event.body(), 0, event.body().length / 2);
        }
    }

    /** @param relaysLeft who refuses the connection is skipped, as a load balancer would */
    private CompletableFuture<Reply> send(String path, String key, byte[] body, Duration skew, int relaysLeft) {
        URI uri = URI.create("http://127.0.0.1:" + nextPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
        headers(key, body == null ? key.getBytes(StandardCharsets.UTF_8) : body, skew)
                .forEach(request::header);
        if (body != null) {
            request.POST(BodyPublishers.ofByteArray(body));
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString())
                .thenApply(Wire::reply)
                .exceptionallyCompose(failure -> isRefused(failure) && relaysLeft > 1
                        ? send(path, key, body, skew, relaysLeft - 1)
                        : CompletableFuture.completedFuture(Reply.NO_ANSWER));
    }

    private int nextPort() {
        return ports.get(Math.floorMod(turn.getAndIncrement(), ports.size()));
    }

    private Map<String, String> headers(String key, byte[] signed, Duration skew) {
        String timestamp = Long.toString(Instant.now().plus(skew).getEpochSecond());
        return Map.of(
                "Content-Type",
                "application/json",
                "X-WP-Timestamp",
                timestamp,
                "X-WP-Signature",
                Client.sign(secret, timestamp, signed),
                "Idempotency-Key",
                key);
    }

    private static Reply reply(HttpResponse<String> response) {
        return new Reply(
                response.statusCode(),
                response.body(),
                response.headers().firstValue("Retry-After").orElse(null));
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof CompletionException && failure.getCause() instanceof ConnectException;
    }
}

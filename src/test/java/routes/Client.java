package routes;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;

/**
 * A sender over the wire that signs by itself: it shares no code with what it tests. Every answer has to be as the
 * description has it ({@link DescribedAnswers}).
 */
public final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final HttpClient http;
    private final String address;
    private final String secret;

    /** @param body the answer's JSON */
    public record Answer(int status, JsonNode body, HttpResponse<byte[]> response) {
        public String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    public Client(int port, String secret) {
        this(HTTP, "http://127.0.0.1:" + port, secret);
    }

    private Client(HttpClient http, String address, String secret) {
        this.http = http;
        this.address = address;
        this.secret = secret;
    }

    /** @param trust whose certificates it believes */
    public static Client overTls(int port, String secret, SSLContext trust) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust)
                .build();
        return new Client(http, "https://127.0.0.1:" + port, secret);
    }

    public Answer send(String key, String body) {
        return send(key, body.getBytes(StandardCharsets.UTF_8));
    }

    public Answer send(String key, byte[] body) {
        return post(headers(key, body), body);
    }

    /** The headers of a request as it should be; to be spoiled by a test. */
    public Map<String, String> headers(String key, byte[] body) {
        return headers(key, body, Instant.now().getEpochSecond());
    }

    public Map<String, String> headers(String key, byte[] body, long timestamp) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("X-WP-Timestamp", Long.toString(timestamp));
        headers.put("X-WP-Signature", sign(secret, Long.toString(timestamp), body));
        headers.put("Idempotency-Key", key);
        return headers;
    }

    public Answer post(Map<String, String> headers, byte[] body) {
        return call("POST", "/webhooks/wp", headers, BodyPublishers.ofByteArray(body));
    }

    /** {@code GET /webhooks/wp/{key}}, signed. */
    public Answer status(String key) {
        Map<String, String> headers = headers(key, key.getBytes(StandardCharsets.UTF_8));
        headers.remove("Content-Type");
        return call("GET", "/webhooks/wp/" + key, headers, BodyPublishers.noBody());
    }

    /** Sends an event and waits until it is done; its result. */
    public JsonNode resultOf(String key, String event, Duration atMost) {
        Answer accepted = send(key, event);
        if (accepted.status() != 202) {
            throw new AssertionError("not accepted: " + accepted.body());
        }
        await().atMost(atMost)
                .until(() -> status(key).body().path("status").asText().equals("done"));
        return status(key).body().get("result");
    }

    public Answer call(String method, String path, Map<String, String> headers, HttpRequest.BodyPublisher body) {
        return described(call(http, method, URI.create(address + path), headers, body));
    }

    public static Answer call(String method, URI uri, Map<String, String> headers, HttpRequest.BodyPublisher body) {
        return described(callElsewhere(method, uri, headers, body));
    }

    /** Of another server than the relay. */
    public static Answer callElsewhere(
            String method, URI uri, Map<String, String> headers, HttpRequest.BodyPublisher body) {
        return call(HTTP, method, uri, headers, body);
    }

    private static Answer described(Answer answer) {
        DescribedAnswers.check(answer.response());
        return answer;
    }

    private static Answer call(
            HttpClient http, String method, URI uri, Map<String, String> headers, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method, body).timeout(Duration.ofSeconds(30));
        headers.forEach(request::header);
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), JSON.readTree(response.body()), response);
        } catch (IOException e) {
            throw new AssertionError("no answer from " + uri, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public static String sign(String secret, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}

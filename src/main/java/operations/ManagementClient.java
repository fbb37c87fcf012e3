package operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Talks to {@code /events} of the relay that the settings point at. */
public final class ManagementClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Settings settings;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    ManagementClient() {
        this(Settings.ofProcess());
    }

    public ManagementClient(Settings settings) {
        this.settings = settings;
    }

    /** @throws IOException with the relay's own words when it answers with an error */
    public JsonNode call(String method, String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(HttpAddress.of(settings.managementHost(), settings.managementPort()) + path))
                .timeout(TIMEOUT)
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!settings.adminToken().isEmpty()) {
            request.header("Authorization", "Bearer " + settings.adminToken());
        }
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode body = JSON.readTree(response.body());
        if (response.statusCode() >= 400) {
            String error = body.path("error").asText("answered " + response.statusCode());
            StringBuilder words = new StringBuilder(method + " " + path + ": " + error);
            body.path("details").forEach(detail -> words.append("; ")
                    .append(detail.path("field").asText())
                    .append(' ')
                    .append(detail.path("problem").asText()));
            throw new IOException(words.toString());
        }
        return body;
    }

    /** A query string of what is not null, with its question mark; empty when that is nothing. */
    public static String query(Map<String, Object> parameters) {
        String query = parameters.entrySet().stream()
                .filter(parameter -> parameter.getValue() != null)
                .map(parameter ->
                        parameter.getKey() + "=" + encode(parameter.getValue().toString()))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

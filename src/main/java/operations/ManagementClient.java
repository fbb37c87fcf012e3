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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Talks to {@code /events} of the relay that the settings point at. */
public final class ManagementClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Settings settings;
    private final String name;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    ManagementClient() {
        this(Settings.ofProcess(), "bin/relay of " + System.getProperty("user.name"));
    }

    /** @param name who asks, for whoever wants to know later who replayed an event */
    public ManagementClient(Settings settings, String name) {
        this.settings = settings;
        this.name = name.replaceAll("[^ -~]", "?");
    }

    /** @throws IOException with the relay's own words when it answers with an error */
    public JsonNode call(String method, String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(HttpAddress.of(settings.managementHost(), settings.managementPort()) + path))
                .timeout(TIMEOUT)
                .header("User-Agent", name)
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!settings.adminToken().isEmpty()) {
            request.header("Authorization", "Bearer " + settings.adminToken());
        }
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode body = JSON.readTree(response.body());
        if (response.statusCode() >= 400) {
            throw new IOException(words(method + " " + path, response.statusCode(), body));
        }
        return body;
    }

    /**
     * What is wrong in particular, or else the error. What was asked is said where that is no sentence, but a word of HTTP's.
     */
    static String words(String asked, int status, JsonNode body) {
        List<String> details = new ArrayList<>();
        body.path("details")
                .forEach(detail -> details.add(detail.path("field").asText() + " "
                        + detail.path("problem").asText()));
        if (!details.isEmpty()) {
            return String.join("; ", details);
        }
        String error = body.path("error").asText("answered " + status);
        return switch (status) {
            case 400, 403, 409 -> error;
            case 401 -> "The relay wants its RELAY_ADMIN_TOKEN, which has to be the same here";
            case 503 -> "The relay cannot tell now: mostly, its database is away. Its log says more";
            default -> asked + ": " + error;
        };
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

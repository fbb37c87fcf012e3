package operations;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The filters that {@code events} and {@code replay} share. */
final class EventFilter {
    @Option(names = "--status", description = "queued, processing, done or error")
    private String status;

    @Option(names = "--event", description = "such as post.published")
    private String event;

    @Option(names = "--site", description = "the site's id")
    private String site;

    @Option(names = "--since", description = "received since then, such as 2026-01-31T09:30:00Z")
    private String since;

    @Option(names = "--search", description = "a part of the key or of the error")
    private String search;

    /** The newest events that match. */
    JsonNode list(ManagementClient client) throws IOException, InterruptedException {
        return list(client, status);
    }

    /** The newest of those that match and are dead, whatever status was asked for. */
    JsonNode listDead(ManagementClient client) throws IOException, InterruptedException {
        return list(client, "error");
    }

    String site() {
        return site;
    }

    private JsonNode list(ManagementClient client, String wanted) throws IOException, InterruptedException {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("status", wanted);
        parameters.put("event", event);
        parameters.put("site", site);
        parameters.put("since", since);
        parameters.put("search", search);
        String query = parameters.entrySet().stream()
                .filter(parameter -> parameter.getValue() != null)
                .map(parameter -> parameter.getKey() + "=" + ManagementClient.encode(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return client.call("GET", "/events" + (query.isEmpty() ? "" : "?" + query))
                .path("events");
    }

    boolean isEmpty() {
        return status == null && event == null && site == null && since == null && search == null;
    }
}

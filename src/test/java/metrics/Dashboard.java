package metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The dashboard's file, and what it asks Prometheus for. */
record Dashboard(JsonNode json) {
    static Dashboard read() throws IOException {
        return new Dashboard(new ObjectMapper()
                .readTree(Path.of("docker", "grafana", "dashboards", "ai-relay.json")
                        .toFile()));
    }

    /** Rows are panels too. */
    List<JsonNode> panels() {
        List<JsonNode> panels = new ArrayList<>();
        json.path("panels").forEach(panels::add);
        return panels;
    }

    /** With its variables as Grafana would put them. */
    List<String> expressions() {
        return json.findValuesAsText("expr").stream()
                .map(expr -> expr.replace("$job", "ai-relay")
                        .replace("$instance", ".*")
                        .replace("$__rate_interval", "1m"))
                .toList();
    }
}

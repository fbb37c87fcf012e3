package metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be said of a dashboard without Grafana. */
class DashboardTest {
    private static final int COLUMNS = 24;
    /** Of Grafana's, packages/grafana-data/src/valueFormats/categories.ts. */
    private static final Set<String> UNITS =
            Set.of("none", "short", "s", "reqps", "ops", "percentunit", "bytes", "bool", "bool_yes_no");

    private final Dashboard dashboard;

    DashboardTest() throws IOException {
        dashboard = Dashboard.read();
    }

    @Test
    void each_panel_has_a_place_of_its_own() {
        Set<Integer> ids = new HashSet<>();
        Set<String> taken = new HashSet<>();
        for (JsonNode panel : dashboard.panels()) {
            String title = panel.path("title").asText();
            assertTrue(ids.add(panel.path("id").asInt()), title);
            JsonNode place = panel.path("gridPos");
            int right = place.path("x").asInt() + place.path("w").asInt();
            assertTrue(
                    right <= COLUMNS
                            && place.path("w").asInt() > 0
                            && place.path("h").asInt() > 0,
                    title);
            for (int x = place.path("x").asInt(); x < right; x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    assertTrue(taken.add(x + "/" + (place.path("y").asInt() + y)), title + " lies over another");
                }
            }
        }
        assertTrue(ids.size() > 30, ids.toString());
    }

    @Test
    void each_panel_says_what_it_shows_and_in_which_unit() {
        for (JsonNode panel : dashboard.panels()) {
            String title = panel.path("title").asText();
            assertFalse(title.isEmpty(), panel.toString());
            if (!panel.path("type").asText().equals("row")) {
                assertTrue(panel.path("description").asText().length() > 10, title);
                panel.findValuesAsText("unit").forEach(unit -> assertTrue(UNITS.contains(unit), title + ": " + unit));
            }
            Set<String> refs = new HashSet<>();
            for (JsonNode target : panel.path("targets")) {
                assertTrue(refs.add(target.path("refId").asText()), title);
                assertEquals("${datasource}", target.at("/datasource/uid").asText(), title);
            }
        }
    }

    @Test
    void prometheus_understands_all_that_it_asks_for(@TempDir Path directory) throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        List<String> expressions = dashboard.expressions();
        for (int i = 0; i < expressions.size(); i++) {
            rules.append("      - record: panel:").append(i).append("\n        expr: '");
            rules.append(expressions.get(i).replace("'", "''")).append("'\n");
        }
        Path file = Files.writeString(directory.resolve("dashboard.yaml"), rules);
        Promtool promtool = Promtool.run("check", "rules", file.toString());
        assertEquals(0, promtool.status(), promtool::said);
    }

    @Test
    void what_links_and_questions_refer_to_is_a_variable() {
        Set<String> variables = new HashSet<>();
        dashboard
                .json()
                .at("/templating/list")
                .forEach(each -> variables.add(each.path("name").asText()));
        assertEquals(Set.of("datasource", "job", "instance", "relay"), variables);
        assertFalse(String.join("\n", dashboard.expressions()).contains("$"), "a variable that nobody has");
        assertTrue(dashboard.json().path("links").findValuesAsText("url").contains("${relay}/events"));
    }
}

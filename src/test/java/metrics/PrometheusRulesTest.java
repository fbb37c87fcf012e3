package metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Prometheus itself says of its configuration and of the alerts. */
class PrometheusRulesTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path RULES = Promtool.PROMETHEUS.resolve("rules/ai-relay.yaml");
    private static final Path TESTS = Promtool.PROMETHEUS.resolve("tests/ai-relay.yaml");

    private static List<JsonNode> alerts() throws IOException {
        List<JsonNode> alerts = new ArrayList<>();
        for (JsonNode group : YAML.readTree(RULES.toFile()).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                if (rule.has("alert")) {
                    alerts.add(rule);
                }
            }
        }
        return alerts;
    }

    private static Set<String> names() throws IOException {
        Set<String> names = new HashSet<>();
        for (JsonNode alert : alerts()) {
            assertTrue(names.add(alert.path("alert").asText()), alert.toString());
        }
        return names;
    }

    private static void assertGood(Promtool promtool) {
        assertEquals(0, promtool.status(), promtool::said);
    }

    @Test
    void the_configuration_and_the_rules_can_be_read() throws Exception {
        assertGood(Promtool.run(
                "check",
                "config",
                Promtool.PROMETHEUS.resolve("prometheus.yaml").toString()));
    }

    @Test
    void each_alert_comes_when_it_should_and_not_when_it_should_not() throws Exception {
        assertGood(Promtool.run("test", "rules", TESTS.toString()));
        Set<String> come = new HashSet<>();
        Set<String> doNotCome = new HashSet<>();
        for (JsonNode test : YAML.readTree(TESTS.toFile()).path("tests")) {
            for (JsonNode rule : test.path("alert_rule_test")) {
                boolean isQuiet = rule.path("exp_alerts").isEmpty();
                (isQuiet ? doNotCome : come).add(rule.path("alertname").asText());
            }
        }
        assertEquals(names(), come);
        assertEquals(names(), doNotCome);
    }

    @Test
    void each_alert_says_how_bad_it_is_and_what_to_do() throws IOException {
        for (JsonNode alert : alerts()) {
            String name = alert.path("alert").asText();
            assertTrue(
                    Set.of("warning", "critical")
                            .contains(alert.at("/labels/severity").asText()),
                    name);
            for (String annotation : List.of("summary", "description", "action")) {
                assertTrue(alert.path("annotations").path(annotation).asText().length() > 10, name + ": " + annotation);
            }
            assertFalse(alert.at("/annotations/summary").asText().endsWith("."), name);
        }
    }

    @Test
    void each_alert_stands_in_the_manual_and_no_other() throws IOException {
        String manual = Files.readString(Path.of("docs", "operations.md"));
        Set<String> documented = new HashSet<>();
        Matcher name = Pattern.compile("(?m)^\\| `(Relay\\w+)` \\|").matcher(manual);
        while (name.find()) {
            documented.add(name.group(1));
        }
        assertEquals(names(), documented);
    }
}

package metrics;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What a relay says at /observe/metrics once all has happened that is counted. */
class PrometheusTest {
    /** In bytes, with two sites: what Prometheus reads every few seconds and keeps for weeks. */
    private static final int MOST = 150_000;

    private static final Pattern METRIC =
            Pattern.compile("\\b(relay|hikaricp|jvm|process|artemis|camel|logback)_[a-z0-9_]+");
    private static final Pattern DOCUMENTED = Pattern.compile("`(relay_[a-z_]+)`");

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path directory;

    static LoadedRelay relay;
    static String scrape;
    static Set<String> names;

    @BeforeAll
    static void load() throws Exception {
        relay = new LoadedRelay(directory).load().failForNow();
        // A meter moves just after the event log does.
        await().until(() ->
                relay.scrape().contains("\nrelay_site_attempts_total{outcome=\"retry\",site=\"shop\"} 2.0"));
        await().until(() -> relay.scrape().contains("\nrelay_backlog{site=\"shop\",state=\"later\"} 1.0"));
        System.gc(); // its meters are there from the first one on
        await().until(() -> relay.scrape().contains("\njvm_gc_pause_seconds_sum"));
        scrape = relay.scrape();
        names = scrape.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replaceFirst("[{ ].*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    /** The sample of a series, written as in the text. */
    private static double sample(String series) {
        return scrape.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(
                        line.substring(line.lastIndexOf(' ') + 1).replace("+Inf", "Infinity")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(series + " is not in " + scrape));
    }

    @Test
    void prometheus_can_read_it_and_has_nothing_to_say_about_our_own() throws Exception {
        Promtool promtool = Promtool.given(scrape, "check", "metrics");
        assertTrue(promtool.status() != 1, promtool::said); // 3 is for the names that others give
        assertEquals(
                "",
                promtool.said()
                        .lines()
                        .filter(line -> line.startsWith("relay_"))
                        .collect(Collectors.joining("\n")));
    }

    @Test
    void nothing_is_said_twice_and_all_of_it_is_no_burden() {
        List<String> series = scrape.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
        assertEquals(new HashSet<>(series).size(), series.size());
        assertTrue(scrape.length() < MOST, () -> scrape.length() + " bytes");
    }

    @Test
    void what_waits_and_what_is_dead_is_seen_with_its_age_and_site() {
        assertEquals(2, sample("relay_dead_letters"));
        assertEquals(2, sample("relay_site_dead_letters{site=\"shop\"}"));
        assertEquals(0, sample("relay_site_dead_letters{site=\"blog\"}"));
        assertTrue(sample("relay_dead_letters_oldest_seconds") > 0);
        assertTrue(sample("relay_backlog_oldest_seconds{state=\"later\"}") > 0);
        assertEquals(0, sample("relay_backlog_oldest_seconds{state=\"due\"}"));
        assertEquals(1, sample("relay_queue_depth"));
        assertEquals(
                1,
                sample(
                        "artemis_scheduled_message_count{address=\"relay.events\",broker=\"ai-relay\",queue=\"relay.events\"}"));
    }

    @Test
    void who_has_no_prometheus_sees_what_waits_in_the_health() throws Exception {
        String health = relay.fetch("/observe/health");
        assertTrue(health.contains("0 worked on; 1 for a later try; 2 dead"), health);
    }

    @Test
    void each_part_of_the_way_has_a_histogram() {
        assertEquals(7, sample("relay_event_seconds_bucket{event=\"post.published\",le=\"+Inf\"}"));
        assertEquals(
                sample("relay_events_total{event=\"post.published\",outcome=\"accepted\",site=\"shop\"}")
                        + sample("relay_events_total{event=\"comment.created\",outcome=\"accepted\",site=\"shop\"}")
                        + sample("relay_events_total{event=\"post.published\",outcome=\"accepted\",site=\"blog\"}"),
                sample("relay_queue_seconds_count"));
        assertTrue(
                sample("relay_ai_request_seconds_bucket{outcome=\"answered\",provider=\"openai\",le=\"10.0\"}") >= 8);
        assertTrue(sample("relay_callback_seconds_bucket{outcome=\"applied\",le=\"10.0\"}") >= 6);
        assertTrue(sample("relay_callback_seconds_count{outcome=\"failed\"}") >= 4);
        assertEquals(2, sample("relay_automation_seconds_count{event=\"post.published\",outcome=\"retry\"}"));
        assertEquals(1, sample("relay_replayed_total{event=\"post.published\",outcome=\"error\"}"));
    }

    @Test
    void what_will_end_is_seen_before_it_does() {
        double tenDays = 10 * 86400;
        assertEquals(tenDays, sample("relay_key_expires_seconds{key=\"shop\",site=\"shop\"}"), 600);
        assertEquals(Double.POSITIVE_INFINITY, sample("relay_key_expires_seconds{key=\"blog\",site=\"blog\"}"));
        assertEquals(tenDays, sample("relay_tls_expires_seconds"), 600);
        assertEquals(100_000, sample("relay_ai_budget_cap{scope=\"site\",site=\"shop\"}"));
        assertTrue(sample("relay_ai_budget_left{scope=\"site\",site=\"shop\"}") < 100_000);
        assertTrue(sample("relay_data_dir_free_bytes") > 0);
        assertEquals(1, sample("relay_ready"));
        assertEquals(1, sample("relay_site_asked{site=\"shop\"}"));
        assertEquals(0, sample("relay_site_asked{site=\"blog\"}"));
    }

    @Test
    void whatever_alerts_and_dashboards_ask_for_is_there() throws IOException {
        Set<String> unknown = new TreeSet<>();
        for (String file :
                new String[] {"docker/prometheus/rules/ai-relay.yaml", "docker/grafana/dashboards/ai-relay.json"}) {
            Matcher asked = METRIC.matcher(Files.readString(Path.of(file)).replaceAll("(?m)^\\s*- record:.*$", ""));
            while (asked.find()) {
                unknown.add(asked.group());
            }
        }
        assertTrue(unknown.size() > 40, unknown.toString());
        // Parts of the names of recorded rules.
        String recorded = Files.readString(Path.of("docker/prometheus/rules/ai-relay.yaml"));
        unknown.removeIf(name -> recorded.contains(":" + name + ":"));
        unknown.removeAll(names);
        assertEquals(Set.of(), unknown);
    }

    @Test
    void the_contract_names_all_of_our_own_and_no_others() throws IOException {
        String contract = Files.readString(Path.of("docs/contract.md"));
        Set<String> documented = new TreeSet<>();
        Matcher name = DOCUMENTED.matcher(contract.substring(contract.indexOf("## 7.")));
        while (name.find()) {
            documented.add(name.group(1));
        }
        Set<String> own = names.stream()
                .filter(each -> each.startsWith("relay_"))
                .map(each -> each.replaceFirst("_(bucket|count|sum|max)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        documented.removeIf(each -> each.equals("relay_event") || each.equals("relay_attempt"));
        assertEquals(own, documented);
    }
}

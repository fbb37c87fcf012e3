package pages;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import browser.Chromium;
import chaos.PostgresProcess;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import operations.RelayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import routes.Client;
import routes.Samples;

/** An operator at a real Chromium, with a relay that runs as a process and events of which some have failed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EventsPageIT {
    private static final String SECRET = "a secret of this test";
    private static final String TOKEN = "a token of this test";
    private static final String PAUSE = "/pause?site=default";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final By HEADING = By.cssSelector("h1");
    private static final By ROWS = By.cssSelector("tbody tr td.key a");

    @TempDir
    static Path directory;

    private static PostgresProcess database;
    private static RelayProcess relay;
    private static Operator operator;

    /** Who can change the window, too. */
    private static final class Operator extends Chromium {
        void width(int pixels) {
            chromium.executeCdpCommand(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        }

        void anyWidth() {
            chromium.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
            chromium.manage().window().setSize(new Dimension(1400, 1000));
        }

        /** What axe-core finds against WCAG 2.2 A and AA, one line each. */
        String violations() throws IOException {
            return violations("['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']");
        }

        /** Of what light and dark differ in. */
        String violationsOfContrast() throws IOException {
            return violations("{type: 'rule', values: ['color-contrast']}");
        }

        private String violations(String rules) throws IOException {
            try (InputStream axe = EventsPageIT.class.getResourceAsStream("/axe.min.js")) {
                chromium.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
            }
            return (String) chromium.executeAsyncScript("""
                    const done = arguments[arguments.length - 1];
                    axe.run(document, {runOnly: %s}).then(
                        found => done(found.violations.map(one => one.id + ': '
                            + one.nodes.map(node => node.target + ' ' + node.failureSummary).join(' | ')).join('\\n')),
                        failed => done(String(failed)));""".formatted(rules));
        }

        String address() {
            return chromium.getCurrentUrl();
        }

        boolean isScrolledSideways() {
            return (Boolean) script("return document.documentElement.scrollWidth > window.innerWidth;");
        }
    }

    @BeforeAll
    static void start() throws Exception {
        database = new PostgresProcess(directory, true);
        database.start();
        relay = new RelayProcess(directory)
                .with("RELAY_DB_URL", database.url())
                .with("RELAY_DB_USER", "postgres")
                .with("RELAY_DB_PASSWORD", "postgres")
                .with("WP_RELAY_SECRET", SECRET)
                .with("RELAY_ADMIN_TOKEN", TOKEN)
                .start();
        Client client = relay.client(SECRET);
        client.send(
                "a-post",
                Samples.post("a-post")
                        .put("title", "<img src=x onerror=alert(1)>")
                        .toString());
        for (int i = 0; i < 4; i++) {
            String key = "dead-lead-" + i;
            ObjectNode lead = Samples.lead(key);
            lead.put("encrypted", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA");
            assertEquals(202, client.send(key, lead.toString()).status());
        }
        await().atMost(PATIENCE)
                .until(() -> client.status("dead-lead-3")
                                .body()
                                .path("status")
                                .asText()
                                .equals("error")
                        && client.status("a-post")
                                .body()
                                .path("status")
                                .asText()
                                .equals("done"));
        operator = new Operator();
        operator.open(address("/"));
        operator.type(By.id("token"), TOKEN);
        operator.press(Keys.ENTER);
        operator.awaitText(HEADING, "Overview");
    }

    @AfterAll
    static void stop() throws Exception {
        if (operator != null) {
            operator.close();
        }
        relay.close();
        database.close();
    }

    private static String address(String path) {
        return "http://127.0.0.1:" + relay.managementPort() + path;
    }

    private static void open(String path, String heading) {
        operator.open(address(path));
        operator.awaitText(HEADING, heading);
    }

    @Test
    @Order(1)
    void one_look_says_what_failed_what_waits_and_which_site_was_heard() throws Exception {
        open("/", "Overview");
        assertTrue(operator.text(By.cssSelector(".note.bad a")).startsWith("4 events failed for good"));
        assertEquals("0", operator.text(By.cssSelector("a.tile[href='/events?status=queued'] .value")));
        assertEquals("4", operator.text(By.cssSelector("a.tile[href='/events?status=error'] .value")));
        assertTrue(operator.text(By.cssSelector("section[aria-labelledby=sites] tbody"))
                .contains("default"));
        operator.screenshotOfAll("overview-light");
        operator.prefer("dark");
        operator.screenshotOfAll("overview-dark");
        operator.prefer("light");
    }

    @Test
    @Order(2)
    void why_one_event_failed_is_found_by_the_keyboard_alone() throws Exception {
        open("/events", "Events");
        assertTrue(operator.reachByKeyboard(By.id("search")));
        operator.fill(By.id("search"), "lead-2");
        operator.press(Keys.ENTER);
        operator.awaitGone(By.linkText("dead-lead-1"));
        assertTrue(operator.reachByKeyboard(By.linkText("dead-lead-2")));
        operator.press(Keys.ENTER);
        operator.awaitText(HEADING, "dead-lead-2");
        assertTrue(operator.text(By.cssSelector(".note.bad pre")).contains("RELAY_PII_KEY"));
        operator.screenshotOfAll("event-light");
        operator.prefer("dark");
        operator.screenshotOfAll("event-dark");
        operator.prefer("light");
        assertTrue(operator.reachByKeyboard(By.linkText("Replay…")));
        operator.press(Keys.ENTER);
        operator.awaitText(HEADING, "Replay 1 event?");
        assertTrue(operator.reachByKeyboard(By.cssSelector("button.first")));
        operator.press(Keys.ENTER);
        operator.awaitText(HEADING, "dead-lead-2");
        assertTrue(operator.text(By.cssSelector("[role=status]")).startsWith("It was put back"));
        await().atMost(PATIENCE).until(() -> {
            operator.open(address("/events/dead-lead-2"));
            return operator.text(By.cssSelector(".timeline")).contains("Attempt 2 failed for good");
        });
        List<String> order = List.of("Attempt 1", "Dead letter", "Replayed", "Put into the queue again", "Attempt 2");
        String timeline = operator.text(By.cssSelector(".timeline"));
        assertEquals(
                order,
                order.stream().sorted(Comparator.comparing(timeline::indexOf)).toList(),
                timeline);
        assertTrue(order.stream().allMatch(timeline::contains), timeline);
        operator.screenshotOfAll("event-replayed");
    }

    @Test
    @Order(3)
    void some_are_selected_and_all_that_match_are_replayed_after_they_were_shown() throws Exception {
        open("/events?status=error", "Events");
        operator.screenshotOfAll("events-light");
        operator.prefer("dark");
        operator.screenshotOfAll("events-dark");
        operator.prefer("light");
        operator.click(By.cssSelector("input[aria-label='Select dead-lead-0']"));
        operator.click(By.cssSelector("input[aria-label='Select dead-lead-1']"));
        operator.click(By.xpath("//button[starts-with(., 'Replay selected')]"));
        operator.awaitText(HEADING, "Replay 2 events?");
        operator.screenshotOfAll("replay-light");
        operator.click(By.cssSelector("button.first"));
        operator.awaitText(HEADING, "Replaying 2 events");
        operator.screenshotOfAll("replayed-light");
        assertEquals(2, operator.count(ROWS));
        awaitDead(4);
        open("/events", "Events");
        operator.click(By.partialLinkText("Replay all dead ones"));
        operator.awaitText(HEADING, "Replay 4 events?");
        assertEquals(4, operator.count(ROWS));
        operator.click(By.linkText("Cancel"));
        operator.awaitText(HEADING, "Events");
        open("/replay?status=error&site=default", "Replay 4 events?");
        operator.click(By.cssSelector("button.first"));
        operator.awaitText(HEADING, "Replaying 4 events");
        awaitDead(4);
    }

    private static void awaitDead(int number) {
        await().atMost(PATIENCE).until(() -> {
            operator.open(address("/events?status=error"));
            return operator.count(ROWS) == number;
        });
    }

    @Test
    @Order(4)
    void one_box_ticks_all() {
        open("/events?status=error", "Events");
        operator.click(By.id("all"));
        assertEquals(4, operator.count(By.cssSelector("input[name=id]:checked")));
    }

    @Test
    @Order(5)
    void what_was_sent_as_markup_runs_nothing() {
        open("/events/a-post", "a-post");
        assertTrue(operator.text(By.cssSelector("main")).contains("<img src=x onerror=alert(1)>"));
        assertEquals(0, operator.count(By.cssSelector("main img")));
        operator.script("const s = document.createElement('script'); s.textContent = 'window.ran = true';"
                + "document.body.append(s);");
        assertEquals("", operator.script("return window.ran;"), "the policy lets no script run that is not ours");
    }

    @Test
    @Order(6)
    void a_site_is_paused_and_resumed() throws Exception {
        open("/", "Overview");
        operator.click(By.partialLinkText("Pause…"));
        operator.awaitText(HEADING, "Pause default?");
        operator.fill(By.id("reason"), "its WordPress moves house");
        operator.screenshotOfAll("pause-light");
        operator.click(By.cssSelector("button.first"));
        operator.awaitText(HEADING, "Overview");
        assertTrue(operator.text(By.cssSelector("section[aria-labelledby=sites] tbody"))
                .contains("moves house"));
        operator.screenshotOfAll("overview-paused");
        operator.click(By.partialLinkText("Resume…"));
        operator.awaitText(HEADING, "Resume default?");
        operator.click(By.cssSelector("button.first"));
        operator.awaitText(HEADING, "Overview");
        assertTrue(operator.text(By.cssSelector("[role=status]"))
                .contains("called again; what waits is brought to it within ten minutes"));
    }

    @Test
    @Order(7)
    void they_are_accessible_in_light_and_dark() throws Exception {
        for (String path : new String[] {
            "/",
            "/events",
            "/events?site=nobody",
            "/events/dead-lead-0",
            "/replay?status=error",
            "/events/none",
            PAUSE,
            "/health"
        }) {
            operator.open(address(path));
            assertEquals("", operator.violations(), path);
            operator.prefer("dark");
            operator.open(address(path)); // without the transition from light
            assertEquals("", operator.violationsOfContrast(), "dark " + path);
            operator.prefer("light");
        }
    }

    @Test
    @Order(8)
    void at_320_pixels_nothing_is_cut_off() throws Exception {
        operator.width(320);
        for (String path :
                new String[] {"/", "/events", "/events/dead-lead-0", "/replay?status=error", PAUSE, "/health"}) {
            operator.open(address(path));
            assertEquals(false, operator.isScrolledSideways(), path);
        }
        open("/events", "Events");
        operator.screenshot("events-narrow");
        assertEquals(true, operator.script("return document.querySelector('td.key a').offsetHeight < 50;"));
        open("/", "Overview");
        operator.screenshotOfAll("overview-narrow");
        for (String path : new String[] {"/events/dead-lead-0", "/replay?status=error"}) {
            operator.open(address(path));
            operator.screenshotOfAll(path.substring(1).replaceAll("\\W.*", "") + "-narrow-whole");
        }
        operator.width(400);
        open("/", "Overview");
        operator.screenshotOfAll("overview-400");
        open("/events", "Events");
        operator.screenshotOfAll("events-400");
        operator.width(1900);
        open("/health", "Health");
        operator.screenshotOfAll("health-wide");
        open("/", "Overview");
        operator.screenshotOfAll("overview-wide");
        operator.anyWidth();
    }

    @Test
    @Order(9)
    void logging_out_leads_to_the_login() throws Exception {
        open("/events", "Events");
        operator.click(By.cssSelector("header button"));
        operator.awaitText(HEADING, "Log in");
        assertEquals("", operator.violations());
        operator.screenshot("login-light");
        operator.open(address("/events/dead-lead-0"));
        operator.awaitText(HEADING, "Log in");
        assertTrue(operator.address().endsWith("next=%2Fevents%2Fdead-lead-0"));
    }

    @Test
    @Order(10)
    void while_the_database_is_away_every_page_says_what_to_do() throws Exception {
        operator.open(address("/"));
        operator.type(By.id("token"), TOKEN);
        operator.press(Keys.ENTER);
        operator.awaitText(HEADING, "Overview");
        database.stop();
        for (String path : new String[] {"/", "/events", "/events/dead-lead-0", "/replay?status=error"}) {
            open(path, "Not available now");
            assertTrue(operator.text(By.cssSelector("main")).contains("database"), path);
        }
        operator.screenshot("database-away");
        database.start();
        await().atMost(PATIENCE).until(() -> {
            operator.open(address("/events/dead-lead-0"));
            return operator.text(HEADING).equals("dead-lead-0");
        });
    }
}

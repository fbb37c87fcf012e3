package console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import browser.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import operations.RelayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import routes.Samples;
import routes.TestRelay;

/** The console as an engineer sees it: in a real browser, with the access policy as it is. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HawtioIT {
    private static final String PASSWORD = "the console's pass-word";
    private static final String SECRET = "the secret of this test";
    private static final int PORT = TestRelay.freePort();
    private static final String CONSOLE = "http://127.0.0.1:" + PORT + "/hawtio";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Of an event for which nobody wrote an automation, so that it is dead. */
    private static final String FAILING = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "type": "object",
             "required": ["event", "idempotency_key"],
             "properties": {"event": {"const": "thing.failing"}, "idempotency_key": {"type": "string"}}}""";

    @TempDir
    static Path directory;

    private static RelayProcess relay;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        Path automations = directory.resolve("automations");
        Files.writeString(
                Files.createDirectories(automations.resolve("schemas")).resolve("thing.failing.json"), FAILING);
        relay = new RelayProcess(directory)
                .with("RELAY_CONSOLE_PORT", Integer.toString(PORT))
                .with("RELAY_CONSOLE_PASSWORD", PASSWORD)
                .with("RELAY_CONSOLE_DEBUG", "true")
                .with("RELAY_ADMIN_TOKEN", "the token of this test")
                .with("RELAY_AUTOMATIONS_DIR", automations.toString())
                .with("WP_RELAY_SECRET", SECRET)
                .start();
        for (int event = 0; event < 10; event++) {
            String key = "hawtio-" + event;
            send(key, Samples.post(key).toString());
        }
        send("failing", "{\"event\": \"thing.failing\", \"idempotency_key\": \"failing\"}");
        Awaitility.await().atMost(PATIENCE).until(() -> relay.command("events", "--status", "done")
                .contains("hawtio-9"));
        Awaitility.await().atMost(PATIENCE).until(() -> relay.command("events", "--status", "error")
                .contains("failing"));
        chromium = new Chromium();
        chromium.open(CONSOLE + "/login");
        chromium.type(By.name("pf-login-username-id"), "relay");
        chromium.type(By.name("pf-login-password-id"), PASSWORD);
        screenshot("login");
        chromium.click(By.xpath("//button[@type='submit']"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        relay.close();
    }

    private static void send(String key, String body) throws Exception {
        assertEquals(202, relay.client(SECRET).send(key, body).status());
    }

    private static void screenshot(String name) throws Exception {
        chromium.screenshot("console-" + name);
    }

    private static By node(String name) {
        return By.xpath("//*[contains(@class,'tree-view')]//*[normalize-space(text())='" + name + "']");
    }

    /** The node of the tree of MBeans whose way from the root ends so. */
    private static By bean(String end) {
        return By.xpath("//li[substring(@id, string-length(@id) - " + (end.length() - 1) + ")='" + end
                + "']//*[contains(@class,'tree-view__node-text')]");
    }

    private static void awaitSome(By elements) {
        Awaitility.await().atMost(PATIENCE).until(() -> chromium.count(elements) > 0);
    }

    /** Opens the operations of an MBean. */
    private static void operationsOf(String search, String end) {
        chromium.fill(By.xpath("//input[@type='search']"), search);
        chromium.click(bean(end));
        chromium.click(By.linkText("Operations"));
    }

    private static void unfold(String operation) {
        chromium.click(By.xpath(
                "//li[starts-with(@aria-labelledby,'operation " + operation + "(')]//button[@aria-label='Details']"));
    }

    private static By argument(String operation, String name) {
        return By.xpath(
                "//input[starts-with(@id,'operation-" + operation + "(') and contains(@id,'-input-" + name + "-')]");
    }

    /** Executes it and waits for a result that has this. */
    private static void execute(String operation, String result) {
        chromium.click(By.xpath(
                "//section[starts-with(@id,'operation-execute-" + operation + "(')]//button[text()='Execute']"));
        awaitSome(By.xpath("//section[starts-with(@id,'operation-result-" + operation + "(')]//*[contains(text(),'"
                + result + "')]"));
        chromium.script(
                "document.querySelector(arguments[0]).scrollIntoView();",
                "[id^='operation-result-" + operation + "(']");
    }

    private static boolean isShown(String key, String text) throws Exception {
        return relay.command("show", key).contains(text);
    }

    @Test
    @Order(1)
    void after_the_login_a_route_is_found_with_its_description_and_its_counts() throws Exception {
        chromium.click(node("route-event"));
        chromium.click(By.linkText("Route Diagram"));
        awaitSome(By.xpath("//*[contains(@class,'react-flow')]//*[text()='10']"));
        screenshot("route-diagram");
        chromium.click(By.linkText("Properties"));
        awaitSome(By.xpath("//*[contains(text(),'Gives an event to the automation for its type')]"));
        screenshot("route-properties");
        for (String tab : List.of("Trace", "Exchanges")) {
            assertEquals(0, chromium.count(By.linkText(tab)), tab + " is a tab that does nothing");
        }
    }

    @Test
    @Order(2)
    void its_source_is_shown() throws Exception {
        chromium.click(By.linkText("Source"));
        // Monaco writes a space as one that does not break.
        Awaitility.await().atMost(PATIENCE).until(() -> chromium.text(By.className("monaco-editor"))
                .replace('\u00a0', ' ')
                .contains("<to id=\"to-enrich-post\" uri=\"direct:enrich-post\"/>"));
        screenshot("route-source");
    }

    @Test
    @Order(3)
    void an_event_is_stopped_at_a_breakpoint_and_goes_on() throws Exception {
        chromium.click(By.linkText("Debug"));
        chromium.click(By.xpath("//button[contains(.,'Start Debugging')]"));
        By step = By.xpath("//*[contains(@class,'camel-node-label')][normalize-space(.)='Choice']");
        chromium.click(step);
        chromium.click(By.xpath("//button[normalize-space(.)='Add breakpoint']"));
        awaitSome(By.className("breakpoint-symbol"));
        send("stopped", Samples.post("stopped").toString());
        By resume = By.xpath("//button[normalize-space(.)='Resume' and not(@disabled)]");
        awaitSome(resume);
        assertTrue(isShown("stopped", "processing"));
        screenshot("debug");
        chromium.click(By.xpath("//button[normalize-space(.)='Remove breakpoint']"));
        chromium.click(resume);
        Awaitility.await().atMost(PATIENCE).until(() -> isShown("stopped", "status       done"));
        chromium.click(By.xpath("//button[contains(.,'Stop Debugging')]"));
        awaitSome(By.xpath("//button[contains(.,'Start Debugging')]"));
    }

    @Test
    @Order(4)
    void the_queue_of_dead_letters_is_browsed() throws Exception {
        chromium.click(By.linkText("JMX"));
        operationsOf("relay.dead-letters", "-anycast-folder-relay.dead-letters");
        unfold("browse");
        execute("browse", "RelayReason");
        screenshot("dead-letter-queue");
    }

    @Test
    @Order(5)
    void a_dead_event_is_found_and_replayed() throws Exception {
        operationsOf("Events", "ai.relay-folder-Events");
        unfold("search");
        chromium.fill(argument("search", "event"), "thing.failing");
        execute("search", "no automation is there");
        screenshot("search");
        unfold("search");
        unfold("replay");
        chromium.fill(argument("replay", "key"), "failing");
        execute("replay", "failing");
        screenshot("replay");
        Awaitility.await().atMost(PATIENCE).until(() -> isShown("failing", "attempt 2"));
    }

    /** What a logged-in browser was asked to load from elsewhere. */
    @Test
    @Order(6)
    void nothing_came_from_anywhere_else() {
        Object foreign = chromium.script("return performance.getEntriesByType('resource').map(entry => entry.name)"
                + ".filter(name => name.startsWith('http') && !name.startsWith(location.origin)).join(' ');");
        assertEquals("", foreign);
    }
}

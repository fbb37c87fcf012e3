package console;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    private static final String FAILING = """
            {"$schema": "https://json-schema.org/draft/2020-12/schema",
             "type": "object",
             "required": ["event", "idempotency_key"],
             "properties": {"event": {"const": "thing.failing"}, "idempotency_key": {"type": "string"}}}""";

    private static final String CONSOLE = "http://127.0.0.1:" + PORT + "/hawtio";

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    static Path directory;

    private static RelayProcess relay;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        Path automations = Files.createDirectories(directory.resolve("automations/schemas"));
        Files.writeString(automations.resolve("thing.failing.json"), FAILING);
        relay = new RelayProcess(directory)
                .with("RELAY_CONSOLE_PORT", Integer.toString(PORT))
                .with("RELAY_CONSOLE_PASSWORD", PASSWORD)
                .with("RELAY_ADMIN_TOKEN", "the token of this test")
                .with("RELAY_AUTOMATIONS_DIR", automations.getParent().toString())
                .with("WP_RELAY_SECRET", SECRET)
                .start();
        for (int event = 0; event < 10; event++) {
            String key = "hawtio-" + event;
            send(key, Samples.post(key).toString());
        }
        Awaitility.await().atMost(PATIENCE).until(() -> relay.command("events", "--status", "done")
                .contains("hawtio-9"));
        chromium = new Chromium();
        chromium.open(CONSOLE + "/login");
        chromium.type(By.name("pf-login-username-id"), "relay");
        chromium.type(By.name("pf-login-password-id"), PASSWORD);
        chromium.screenshot("console-login");
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

    private static By node(String name) {
        return By.xpath("//*[contains(@class,'tree-view')]//*[normalize-space(text())='" + name + "']");
    }

    private static void search(String name) {
        chromium.fill(By.xpath("//input[@type='search']"), name);
    }

    private static void awaitSome(By elements) {
        Awaitility.await().atMost(PATIENCE).until(() -> chromium.count(elements) > 0);
    }

    /** Opens an operation of the MBean that is chosen. */
    private static void unfold(String operation) {
        chromium.click(By.xpath(
                "//li[starts-with(@aria-labelledby,'operation " + operation + "(')]//button[@aria-label='Details']"));
    }

    private static By argument(String operation, String name) {
        return By.xpath(
                "//input[starts-with(@id,'operation-" + operation + "(') and contains(@id,'-input-" + name + "-')]");
    }

    /** Executes it and waits for an answer that has this. */
    private static void execute(String operation, String answer) {
        String section = "//section[starts-with(@id,'operation-execute-" + operation + "(')]";
        chromium.click(By.xpath(section + "//button[text()='Execute']"));
        awaitSome(By.xpath(section + "//*[contains(text(),'" + answer + "')]"));
    }

    @Test
    @Order(1)
    void after_the_login_a_route_is_found_with_its_description_its_counts_and_its_source() throws Exception {
        chromium.click(node("route-event"));
        chromium.click(By.linkText("Route Diagram"));
        awaitSome(By.xpath("//*[contains(@class,'react-flow')]//*[text()='10']"));
        chromium.screenshot("console-route-diagram");
        chromium.click(By.linkText("Properties"));
        awaitSome(By.xpath("//*[contains(text(),'Gives an event to the automation for its type')]"));
        chromium.screenshot("console-route-properties");
        for (String tab : List.of("Debug", "Trace", "Exchanges", "Source")) {
            assertEquals(0, chromium.count(By.linkText(tab)), tab + " is a tab that does nothing");
        }
        chromium.click(By.linkText("Operations"));
        unfold("dumpRouteAsXml");
        execute("dumpRouteAsXml", "to-enrich-post");
        chromium.screenshot("console-route-source");
    }

    @Test
    @Order(2)
    void the_queue_of_dead_letters_is_browsed_and_one_of_them_replayed() throws Exception {
        send("failing", "{\"event\": \"thing.failing\", \"idempotency_key\": \"failing\"}");
        Awaitility.await().atMost(PATIENCE).until(() -> relay.command("events", "--status", "error")
                .contains("failing"));
        chromium.click(By.linkText("JMX"));
        search("relay.dead-letters");
        chromium.click(By.xpath("//li[*//*[normalize-space(text())='anycast']]//li//*[normalize-space(text())="
                + "'relay.dead-letters']"));
        chromium.click(By.linkText("Operations"));
        unfold("browse");
        execute("browse", "RelayReason");
        chromium.screenshot("console-dead-letter-queue");
        search("Events");
        chromium.click(node("Events"));
        chromium.click(By.linkText("Operations"));
        unfold("search");
        chromium.fill(argument("search", "event"), "thing.failing");
        execute("search", "no automation is there");
        chromium.screenshot("console-search");
        unfold("replay");
        chromium.fill(argument("replay", "key"), "failing");
        execute("replay", "failing");
        chromium.screenshot("console-replay");
        Awaitility.await().atMost(PATIENCE).until(() -> relay.command("show", "failing")
                .contains("replay"));
    }

    /** What a logged-in browser was asked to load from elsewhere. */
    @Test
    @Order(3)
    void nothing_came_from_anywhere_else() {
        Object foreign = chromium.script("return performance.getEntriesByType('resource').map(entry => entry.name)"
                + ".filter(name => name.startsWith('http') && !name.startsWith(location.origin)).join(' ');");
        assertEquals("", foreign);
    }
}

package console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import browser.Chromium;
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

    @TempDir
    static Path directory;

    private static RelayProcess relay;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        relay = new RelayProcess(directory)
                .with("RELAY_CONSOLE_PORT", Integer.toString(PORT))
                .with("RELAY_CONSOLE_PASSWORD", PASSWORD)
                .with("RELAY_ADMIN_TOKEN", "the token of this test")
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

    private static void awaitSome(By elements) {
        Awaitility.await().atMost(PATIENCE).until(() -> chromium.count(elements) > 0);
    }

    @Test
    @Order(1)
    void after_the_login_a_route_is_found_with_its_description_and_its_counts() throws Exception {
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
    }

    /** What a logged-in browser was asked to load from elsewhere. */
    @Test
    @Order(2)
    void nothing_came_from_anywhere_else() {
        Object foreign = chromium.script("return performance.getEntriesByType('resource').map(entry => entry.name)"
                + ".filter(name => name.startsWith('http') && !name.startsWith(location.origin)).join(' ');");
        assertEquals("", foreign);
    }
}

package console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import browser.Chromium;
import java.nio.file.Path;
import operations.RelayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import routes.Samples;
import routes.TestRelay;

/** The console as an engineer sees it: in a real browser, with the access policy as it is. */
class HawtioIT {
    private static final String PASSWORD = "the console's pass-word";
    private static final String SECRET = "the secret of this test";
    private static final int PORT = TestRelay.freePort();
    private static final String CONSOLE = "http://127.0.0.1:" + PORT + "/hawtio";

    @TempDir
    static Path directory;

    private static RelayProcess relay;

    @BeforeAll
    static void start() throws Exception {
        relay = new RelayProcess(directory)
                .with("RELAY_CONSOLE_PORT", Integer.toString(PORT))
                .with("RELAY_CONSOLE_PASSWORD", PASSWORD)
                .with("WP_RELAY_SECRET", SECRET)
                .start();
        for (int event = 0; event < 10; event++) {
            String key = "hawtio-" + event;
            assertEquals(
                    202,
                    relay.client(SECRET).send(key, Samples.post(key).toString()).status());
        }
        Awaitility.await()
                .until(() -> relay.command("events", "--status", "done").lines().count() == 10);
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    private static By node(String name) {
        return By.xpath("//*[contains(@class,'tree-view')]//*[normalize-space(text())='" + name + "']");
    }

    @Test
    void after_the_login_a_route_is_found_with_its_description_and_its_counts() throws Exception {
        try (Chromium chromium = new Chromium()) {
            chromium.open(CONSOLE + "/login");
            chromium.type(By.name("pf-login-username-id"), "relay");
            chromium.type(By.name("pf-login-password-id"), PASSWORD);
            chromium.screenshot("console-login");
            chromium.click(By.xpath("//button[@type='submit']"));
            chromium.click(node("route-event"));
            chromium.click(By.linkText("Route Diagram"));
            By count = By.xpath("//*[contains(@class,'react-flow')]//*[text()='10']");
            Awaitility.await().until(() -> chromium.count(count) > 0);
            chromium.screenshot("console-route-diagram");
            chromium.click(By.linkText("Properties"));
            By description = By.xpath("//*[contains(text(),'Gives an event to the automation for its type')]");
            Awaitility.await().until(() -> chromium.count(description) > 0);
            chromium.screenshot("console-route-properties");
            assertTrue(chromium.count(By.linkText("Debug")) == 0, "there is no tab that does nothing");
        }
    }
}

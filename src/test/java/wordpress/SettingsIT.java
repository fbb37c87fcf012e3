package wordpress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import operations.RelayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** An owner sets the plugin up in a real browser, beside a real relay, and has the connection checked until all is well. */
class SettingsIT {
    private static final String SECRET = "shared-by-both-ends-for-long";
    private static final int CHECKS = 12;

    @TempDir
    static Path directory;

    private static RelayProcess relay;
    private static WordPressSite site;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        site = new WordPressSite("", ""); // nothing in wp-config.php
        relay = new RelayProcess(directory)
                .with("WP_RELAY_SECRET", SECRET)
                .with("WP_SITE_URL", site.url())
                .with("WP_APP_USER", site.user())
                .with("WP_APP_PASSWORD", site.applicationPassword())
                .start();
        browser = new Browser();
        browser.logIn(site);
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        relay.close();
        site.closeWithoutComplaints();
    }

    @Test
    void an_owner_gets_from_nothing_to_the_last_green_line() throws Exception {
        openSettings();
        assertTrue(browser.text(By.id("ai-relay-first-steps")).contains("Three steps"));
        browser.screenshotOfAll("settings-first-steps");

        save("http://127.0.0.1:" + relay.port() + "/webhooks/wp", "shared-by-somebody-else-for-long");
        check();
        assertEquals(List.of("bad"), statusOf("signature"));
        assertTrue(textOf("signature").contains("its secret is another one"), textOf("signature"));
        assertTrue(textOf("signature").contains("Enter the relay’s secret here once more"), textOf("signature"));
        assertEquals(List.of("skipped"), statusOf("call_back"));
        browser.screenshotOfAll("check-wrong-secret");

        save("", SECRET);
        check();
        List<String> statuses = browser.attributes(By.cssSelector("#ai-relay-checks li"), "data-status");
        assertEquals(CHECKS, statuses.size());
        assertEquals(Set.of("good"), Set.copyOf(statuses), browser.text(By.id("ai-relay-checks")));
        assertEquals("Everything is in order.", browser.text(By.id("ai-relay-check-status")));
        assertTrue(textOf("event").contains("judged by local"), textOf("event"));
        browser.screenshotOfAll("check-in-order");

        site.php("WP_Application_Passwords::delete_all_application_passwords( 1 );");
        check();
        assertEquals(List.of("bad"), statusOf("password"));
        assertTrue(textOf("password").contains("is not valid here"), textOf("password"));
        assertEquals(List.of("good"), statusOf("event"), "a result that is signed is taken");
        browser.screenshotOfAll("check-wrong-password");

        relay.close();
        check();
        assertEquals(List.of("bad"), statusOf("address"));
        assertTrue(textOf("address").contains("Nobody listens at 127.0.0.1:" + relay.port()), textOf("address"));
        assertFalse(browser.text(By.tagName("body")).contains(SECRET));
        browser.screenshotOfAll("check-no-relay");
    }

    private static void openSettings() {
        browser.open(site.url() + "/wp-admin/options-general.php?page=ai-relay");
    }

    /** @param endpoint empty to leave it */
    private static void save(String endpoint, String secret) {
        openSettings();
        if (!endpoint.isEmpty()) {
            browser.type(By.id("ai_relay_endpoint"), endpoint);
        }
        browser.type(By.id("ai_relay_secret"), secret);
        browser.click(By.id("submit"));
        assertTrue(browser.text(By.id("setting-error-settings_updated")).contains("saved"));
    }

    /** Clicks, and waits for the last check. */
    private static void check() {
        openSettings();
        browser.click(By.cssSelector("#ai-relay-check-form button"));
        browser.text(By.cssSelector("[data-check=event]:not([data-status=running])"));
        browser.text(By.cssSelector("#ai-relay-checks:not([aria-busy])"));
    }

    private static List<String> statusOf(String check) {
        return browser.attributes(By.cssSelector("[data-check=" + check + "]"), "data-status");
    }

    private static String textOf(String check) {
        return browser.text(By.cssSelector("[data-check=" + check + "]"));
    }
}

package operations;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import events.Event;
import events.EventLog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import routes.Samples;
import routes.TestRelay;
import wordpress.ManualPauses;

class ShowCommandTest {
    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static TestRelay relay;
    static WireMockServer wordpress;

    @BeforeAll
    static void start() throws Exception {
        wordpress = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wordpress.start();
        wordpress.stubFor(
                WireMock.any(WireMock.anyUrl()).willReturn(WireMock.aResponse().withStatus(503)));
        relay = new TestRelay(dataDir)
                .with("RELAY_RETRY_DELAYS", "10m,2h")
                .bringingResultsTo(wordpress.baseUrl())
                .startReady()
                .forCommands();
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        wordpress.stop();
    }

    private static Event sent(String key, Predicate<Event> until) {
        relay.client().send(key, Samples.comment(key, "Well said.").toString());
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> relay.bean(EventLog.class).findByKey(key).get(0), until);
    }

    private static String show(String key) {
        Printed printed = Printed.of(new ShowCommand(), key);
        assertEquals(0, printed.status(), printed.text());
        return printed.text();
    }

    @Test
    void an_event_whose_site_is_paused_has_no_error_and_says_until_when_it_waits() {
        OffsetDateTime end = OffsetDateTime.now().plusMinutes(12).truncatedTo(ChronoUnit.SECONDS);
        relay.bean(ManualPauses.class).pause("default", end, "plugin update");
        String key = Samples.key();
        sent(key, event -> event.status().equals("queued") && event.attempts() == 1);
        String shown = show(key);
        relay.bean(ManualPauses.class).resume("default");
        assertFalse(shown.contains("\nerror"), shown);
        assertTrue(shown.contains("\nattempts     1, no try used up by 1\n"), shown);
        String words = shown.replaceAll("\\s+", " ");
        assertTrue(
                words.contains("waits held back, no try used up until "
                        + end.toInstant().toString().replace("Z", "")),
                words);
        assertTrue(
                words.contains(
                        ": call-backs to its site are paused: plugin update (to go on at once: bin/relay resume default) tries next: 1 of 3; if the last fails, it is a dead letter"),
                words);
        assertTrue(words.contains("put off attempt 1, no try used up"), words);
    }

    @Test
    void an_event_that_failed_says_when_its_last_try_is() {
        String key = Samples.key();
        sent(key, event -> event.retries() == 1);
        String shown = show(key);
        assertTrue(shown.contains("\nattempts     1\n"), shown);
        assertTrue(shown.matches("(?s).*\nerror +answered 503.*\nwaits +for a later try until 20\\S+Z\n.*"), shown);
        assertTrue(
                shown.matches("(?s).*\ntries +next: 2 of 3; the last at 20\\S+:\\d\\dZ or later; if that fails, .*"),
                shown);
        assertTrue(
                shown.matches(
                        "(?s).*AI answered +moderate_comment: .*, \\d+ ms after its attempt began\n.*attempt 1 .*"),
                shown);
    }
}

package pages;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pages.PageClient.Answer;
import routes.TestRelay;

/** The pages of a relay with an admin token. */
class LoginTest {
    private static final String TOKEN = "a token of the operators";
    private static final String GIVEN = "token=a+token+of+the+operators";

    @TempDir(cleanup = CleanupMode.NEVER)
    static Path dataDir;

    static TestRelay relay;
    static PageClient stranger;

    @BeforeAll
    static void start() throws Exception {
        relay = new TestRelay(dataDir).with("RELAY_ADMIN_TOKEN", TOKEN).startReady();
        stranger = new PageClient(relay.managementUrl());
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
    }

    /** Right, even if somebody has guessed a moment ago. */
    private static Answer logIn(PageClient client, String form) {
        return await().atMost(Duration.ofSeconds(5))
                .until(() -> client.post("/session", form), answer -> answer.status() == 303);
    }

    private static PageClient entered() {
        String cookie = logIn(stranger, GIVEN).header("Set-Cookie");
        return stranger.with("Cookie", cookie.substring(0, cookie.indexOf(';')));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/events?status=error&search=a+b",
                "/events/some-key",
                "/replay?status=error",
                "/pause?site=default"
            })
    void whoever_has_not_logged_in_is_asked_to_and_led_back(String path) throws Exception {
        Answer asked = stranger.get(path);
        assertEquals(303, asked.status());
        Answer form = stranger.get(asked.header("Location"));
        assertEquals(200, form.status());
        assertEquals(path, form.page().select("input[name=next]").val());
        assertEquals("Log in", form.text("h1"));
        assertEquals("", form.text("nav"));
        Answer entered = logIn(stranger, GIVEN + "&next=" + Filter.encode(path));
        assertEquals(path, entered.header("Location"));
    }

    @Test
    void the_token_opens_the_pages() throws Exception {
        assertEquals(200, entered().get("/events").status());
        assertEquals(200, entered().get("/").status());
        assertEquals("Log out", entered().get("/events").text("header button"));
    }

    @Test
    void a_program_sends_the_token_with_each_request() throws Exception {
        assertEquals(
                200,
                stranger.with("Authorization", "Bearer " + TOKEN).get("/events").status());
        assertEquals(
                303,
                stranger.with("Authorization", "Bearer of bad news")
                        .get("/events")
                        .status());
    }

    @Test
    void the_session_is_not_the_token_and_no_script_and_no_other_site_gets_it() {
        String cookie = logIn(stranger, GIVEN).header("Set-Cookie");
        assertFalse(cookie.contains(TOKEN) || cookie.contains("operators"), cookie);
        assertTrue(cookie.endsWith("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"), cookie);
    }

    @Test
    void behind_a_proxy_with_tls_it_is_never_sent_without() {
        Answer forwarded = logIn(stranger.with("X-Forwarded-Proto", "https"), GIVEN);
        assertTrue(forwarded.header("Set-Cookie").endsWith("; Secure"));
        PageClient behind = stranger.with("Origin", "https://relay.example").with("X-Forwarded-Host", "relay.example");
        assertTrue(logIn(behind, GIVEN).header("Set-Cookie").endsWith("; Secure"));
    }

    @Test
    void a_wrong_token_gets_nobody_in() throws Exception {
        Answer answer = stranger.post("/session", "token=a+guess");
        assertEquals(401, answer.status());
        assertEquals(null, answer.header("Set-Cookie"));
        assertTrue(answer.text("[role=alert]").contains("not the admin token"));
        assertEquals(401, stranger.post("/session", "").status());
    }

    @Test
    void who_guesses_is_slowed_down_and_the_operator_gets_in_nevertheless() throws Exception {
        for (int guesses = 0; guesses < 20; guesses++) {
            assertEquals(
                    401, stranger.post("/session", "token=guess-" + guesses).status());
        }
        assertEquals(303, logIn(stranger, GIVEN).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.test/",
                "//evil.test",
                "/\\evil.test",
                "/events/..//evil.test",
                "javascript:alert(1)",
                "/events/a\r\nSet-Cookie: a=b",
                "/events?a=\tb",
                "/nowhere"
            })
    void the_login_leads_nowhere_else(String next) throws Exception {
        String encoded = Filter.encode(next);
        assertEquals(
                "/",
                stranger.get("/login?next=" + encoded)
                        .page()
                        .select("input[name=next]")
                        .val());
        assertEquals("/", logIn(stranger, GIVEN + "&next=" + encoded).header("Location"));
    }

    @Test
    void a_form_of_another_site_logs_nobody_in_or_out() throws Exception {
        PageClient evil = stranger.with("Sec-Fetch-Site", "cross-site").with("Origin", "https://evil.test");
        assertEquals(403, evil.postFromElsewhere("/session", GIVEN).status());
        assertEquals(403, evil.postFromElsewhere("/logout", "").status());
        PageClient old = entered().with("Origin", "https://evil.test");
        assertEquals(403, old.postFromElsewhere("/replays", "status=error").status());
    }

    @Test
    void logging_out_forgets_the_session() throws Exception {
        Answer out = entered().post("/logout", "");
        assertEquals("/login", out.header("Location"));
        assertTrue(out.header("Set-Cookie").startsWith(Session.COOKIE + "=; Path=/; Max-Age=0;"));
    }

    @Test
    void a_large_body_is_refused_before_anybody_asks_who_sends_it() throws Exception {
        String large = "token=" + "x".repeat(64 * 1024);
        for (String path : new String[] {"/session", "/logout", "/replays"}) {
            assertEquals(413, stranger.post(path, large).status(), path);
        }
    }

    @Test
    void a_session_that_somebody_made_up_is_none() throws Exception {
        PageClient forged = stranger.with("Cookie", Session.COOKIE + "=9999999999.AAAA.BBBB");
        assertEquals(303, forged.get("/events").status());
    }

    @Test
    void the_page_of_the_login_says_nothing_and_has_its_style() throws Exception {
        Answer form = stranger.get("/login");
        assertEquals("no-store", form.header("Cache-Control"));
        String style = form.page().select("link[rel=stylesheet]").attr("href");
        assertEquals(200, stranger.get(style).status());
    }
}

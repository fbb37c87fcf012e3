package wordpress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import operations.RelayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import wordpress.WordPressSite.JudgedComments;

/** What editors and moderators see of results, and do with them, in a real Chromium with the relay beside the site. */
class EditorIT {
    private static final String SECRET = "shared-by-both-ends";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ARTICLE = """
            The library on the harbour square will open on Sundays from next month.
            The council had discussed the change for two years, since staff were hard to find for the weekend.
            A group of forty volunteers will now run the desk, and two librarians will be on call.
            Loans can be returned at any time, because the new machine at the entrance works day and night.""";
    private static final String REWRITTEN = """
            The ferry to the islands will run every hour from spring.
            Two electric boats replace the old diesel ferry, which had served the strait for forty years.
            The crossing takes twenty minutes, and bicycles travel free of charge.
            Tickets are sold on board and at the kiosk on the pier.""";
    private static final String REWRITTEN_AGAIN = """
            The market hall gets a new roof of glass and timber.
            The old roof had leaked for years, and the traders had to cover their stalls.
            Work begins in autumn, and the market moves to the station square until it is done.
            The architects expect the hall to need half as much heating as before.""";

    @TempDir
    static Path directory;

    private static RelayProcess relay;
    private static WordPressSite site;

    @BeforeAll
    static void start() throws Exception {
        relay = new RelayProcess(directory).with("WP_RELAY_SECRET", SECRET);
        site = WordPressSite.beside(relay, SECRET);
        // As a plugin for the classic editor does, and one with meta of its own in the block editor.
        site.plugin(
                "classic-and-subtitle",
                "add_action( 'init', function () { register_post_meta( 'post', 'subtitle',"
                        + " array( 'type' => 'string', 'single' => true, 'show_in_rest' => true ) ); } );"
                        + "add_filter( 'use_block_editor_for_post', function ( $use, $post ) {"
                        + " return $use && 0 !== strpos( $post->post_title, 'Classic' ); }, 10, 2 );");
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        site.closeWithoutComplaints();
    }

    private static By panel(String name) {
        return By.cssSelector(".ai-relay-panel .ai-relay-" + name);
    }

    private static void edit(Browser browser, long post) {
        browser.open(site.url() + "/wp-admin/post.php?action=edit&post=" + post);
    }

    @Test
    void an_editor_edits_uses_undoes_and_dismisses_in_the_block_editor() throws Exception {
        try (Browser browser = new Browser()) {
            browser.logIn(site);
            long post = browser.publish(site, "Sunday at the library", ARTICLE);
            String summary = browser.text(By.cssSelector(".ai-relay-published .ai-relay-summary"));
            browser.screenshot("editor-published");
            browser.click(By.cssSelector(".editor-post-publish-panel__header button"));
            browser.describe("subtitle", "Open seven days a week");
            assertEquals(
                    "Open seven days a week", site.meta(post).get("subtitle").asText());
            assertEquals(
                    summary,
                    site.meta(post).get("ai_relay_summary").asText(),
                    "the editor knows the post without its summary, and sends all of its meta");
            edit(browser, post);
            browser.openPanel();
            assertEquals(summary, browser.text(panel("summary")));
            assertTrue(browser.text(panel("origin")).matches("Written by .+ on .+20\\d\\d.+"));
            editTheTitle(browser);
            browser.rewrite(REWRITTEN);
            String suggested = browser.text(panel("suggested-summary"));
            assertNotEquals(summary, suggested);
            assertEquals("A title of mine", browser.text(panel("seo-title")));
            browser.show(panel("suggestion"));
            browser.screenshot("editor-suggestion");
            browser.click(panel("use"));
            browser.awaitText(panel("summary"), suggested);
            browser.awaitGone(panel("suggestion"));
            browser.screenshot("editor-used");
            browser.click(panel("undo"));
            browser.awaitText(panel("seo-title"), "A title of mine");
            assertEquals(summary, browser.text(panel("summary")));
            browser.rewrite(REWRITTEN_AGAIN);
            browser.click(panel("dismiss"));
            browser.awaitGone(panel("suggestion"));
            assertEquals(summary, site.meta(post).get("ai_relay_summary").asText());
            assertFalse(browser.isPostDirty());
            browser.screenshot("editor-dismissed");
        }
    }

    /** By the keyboard alone, from the button to the text that was saved. */
    private static void editTheTitle(Browser browser) throws Exception {
        browser.click(panel("edit"));
        browser.fill(panel("edit-seo-title input"), "x".repeat(61));
        assertTrue(browser.text(panel("edit-seo-title .components-base-control__help"))
                .startsWith("61 of 60"));
        browser.screenshot("editor-too-long");
        browser.fill(panel("edit-seo-title input"), "A title of mine");
        assertTrue(browser.reachByKeyboard(panel("save")));
        browser.screenshot("editor-edit");
        browser.press(Keys.ENTER);
        browser.awaitText(panel("seo-title"), "A title of mine");
        assertTrue(browser.text(panel("origin")).endsWith(", edited since"));
        assertTrue(browser.reachByKeyboard(panel("status")), "the focus is on what came of it");
        assertFalse(browser.isPostDirty());
    }

    @Test
    void an_editor_edits_uses_and_undoes_in_the_classic_editor() throws Exception {
        long post = site.publish("Classic library", ARTICLE);
        await().atMost(PATIENCE)
                .until(() -> !site.meta(post).path("ai_relay_summary").asText().isEmpty());
        String summary = site.meta(post).get("ai_relay_summary").asText();
        By title = By.id("ai-relay-seo_title");
        try (Browser browser = new Browser()) {
            browser.logIn(site);
            edit(browser, post);
            assertEquals(summary, browser.value(By.id("ai-relay-summary")));
            browser.click(By.id("content-html"));
            browser.fill(By.id("content"), REWRITTEN);
            browser.fill(title, "A title of mine");
            browser.show(By.id("publish"));
            browser.click(By.id("publish"));
            browser.text(By.id("message"));
            assertEquals("A title of mine", browser.value(title));
            await().atMost(PATIENCE).until(() -> {
                edit(browser, post);
                return browser.count(By.cssSelector(".ai-relay-box .ai-relay-suggestion")) > 0;
            });
            browser.show(By.cssSelector(".ai-relay-box .ai-relay-suggestion"));
            browser.screenshot("classic-suggestion");
            browser.click(By.cssSelector(".ai-relay-box .ai-relay-use"));
            browser.text(By.id("ai-relay-done"));
            assertNotEquals("A title of mine", browser.value(title));
            browser.show(By.cssSelector(".ai-relay-box .ai-relay-undo"));
            browser.screenshot("classic-used");
            browser.click(By.cssSelector(".ai-relay-box .ai-relay-undo"));
            browser.text(By.id("ai-relay-done"));
            assertEquals("A title of mine", browser.value(title));
            browser.screenshot("classic-undone");
        }
    }

    @Test
    void a_moderator_sees_verdicts_filters_them_and_undoes_one() throws Exception {
        long post = site.publish("With comments", ARTICLE);
        JudgedComments comments = site.judgedComments(post);
        long spam = comments.spam();
        long real = comments.real();
        long unjudged = Long.parseLong(site.php(
                "remove_all_actions( 'wp_insert_comment' ); echo wp_insert_comment(" + " array( 'comment_post_ID' => "
                        + post + ", 'comment_author' => 'Bo', 'comment_content' => 'Hm.' ) );"));
        String list = site.url() + "/wp-admin/edit-comments.php";
        try (Browser browser = new Browser()) {
            browser.logIn(site);
            browser.open(list);
            browser.text(By.cssSelector("#comment-" + real + " .ai-relay-verdict"));
            browser.show(By.cssSelector("#comment-" + real));
            browser.screenshot("comments-column");
            browser.choose(By.id("ai-relay-verdict"), "none");
            browser.click(By.id("post-query-submit"));
            browser.awaitGone(By.id("comment-" + real));
            assertEquals(1, browser.count(By.id("comment-" + unjudged)));
            browser.screenshot("comments-filtered");
            browser.open(list + "?comment_status=spam&ai_relay_verdict=spam");
            browser.show(By.cssSelector("#comment-" + spam));
            browser.screenshot("comments-spam");
            browser.click(By.cssSelector("#comment-" + spam + " .ai-relay-undo"));
            browser.text(By.id("ai-relay-done"));
            browser.screenshot("comments-undone");
        }
        assertNotEquals("spam", site.commentStatus(spam));
        assertEquals("", site.commentMeta(spam, "ai_relay_verdict"));
    }
}

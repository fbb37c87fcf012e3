package wordpress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import operations.RelayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import routes.Samples;
import wordpress.WordPressSite.JudgedComments;

/** The whole of it: a real WordPress with the plugin, the relay as a process on PostgreSQL, a real browser. */
class WordPressIT {
    private static final String SECRET = "shared-by-both-ends";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ARTICLE = """
            The library on the harbour square will open on Sundays from next month.
            The council had discussed the change for two years, since staff were hard to find for the weekend.
            A group of forty volunteers will now run the desk, and two librarians will be on call.
            The reading room, the children's corner and the workshop will all be open from ten to six.
            Loans can be returned at any time, because the new machine at the entrance works day and night.""";

    @TempDir
    static Path directory;

    private static EmbeddedPostgres database;
    private static RelayProcess relay;
    private static WordPressSite site;

    @BeforeAll
    static void start() throws Exception {
        database = EmbeddedPostgres.start();
        relay = new RelayProcess(directory)
                .with("WP_RELAY_SECRET", SECRET)
                .with("RELAY_DB_URL", database.getJdbcUrl("postgres", "postgres"))
                .with("RELAY_DB_USER", "postgres")
                .with("RELAY_RETRY_DELAYS", "1s,2s,4s");
        site = WordPressSite.beside(relay, SECRET);
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        database.close();
        site.closeWithoutComplaints();
    }

    private static void awaitSummary(long post) {
        await().atMost(PATIENCE)
                .until(() -> !site.meta(post).path("ai_relay_summary").asText().isEmpty());
    }

    @Test
    void a_post_published_over_rest_gets_its_enrichment() throws Exception {
        long post = site.publish("The library opens on Sundays", "<p>" + ARTICLE.replace("\n", "</p><p>") + "</p>");
        awaitSummary(post);
        JsonNode meta = site.meta(post);
        assertTrue(
                ARTICLE.contains(
                        meta.get("ai_relay_summary").asText().split("\\. ")[0].replaceAll("\\.$", "")),
                meta::toString);
        assertTrue(meta.get("ai_relay_seo_title").asText().length() <= 60);
        assertFalse(meta.get("ai_relay_seo_description").asText().isEmpty());
        assertTrue(meta.get("ai_relay_keywords").size() > 0);
        assertTrue(meta.get("ai_relay_language").asText().startsWith("en"));
        assertEquals(1, site.applications("enrich_post", post));
    }

    @Test
    void a_post_published_in_the_block_editor_shows_its_summary_there() throws Exception {
        try (Browser browser = new Browser()) {
            browser.logIn(site);
            long post = browser.publish(site, "Sunday at the library", ARTICLE);
            String summary = browser.text(By.cssSelector(".ai-relay-published .ai-relay-summary"));
            assertEquals(site.meta(post).get("ai_relay_summary").asText(), summary);
            browser.screenshot("published-post");
            browser.open(site.url() + "/wp-admin/post.php?action=edit&post=" + post);
            browser.openPanel();
            assertEquals(summary, browser.text(By.cssSelector(".ai-relay-panel .ai-relay-summary")));
            assertFalse(browser.isPostDirty());
            browser.screenshot("editor-panel");
            browser.open(site.url() + "/wp-admin/options-general.php?page=ai-relay&tab=log");
            browser.text(By.cssSelector("#ai-relay-outbox tr[data-status=sent]"));
            browser.screenshot("log");
            assertEquals(1, site.applications("enrich_post", post));
        }
    }

    @Test
    void a_delivery_that_is_repeated_is_applied_once() throws Exception {
        long post = site.publish("Repeated", ARTICLE);
        awaitSummary(post);
        String payload =
                site.php("global $wpdb; echo base64_encode( $wpdb->get_var( \"SELECT payload FROM {$wpdb->prefix}"
                        + "ai_relay_outbox WHERE payload LIKE '%\\\"post_id\\\":" + post + ",%'\" ) );");
        byte[] body = Base64.getDecoder().decode(payload);
        String key = new ObjectMapper().readTree(body).get("idempotency_key").asText();
        assertEquals(
                "duplicate",
                relay.client(SECRET).send(key, body).body().get("status").asText());
        assertEquals(1, relay.client(SECRET).status(key).body().get("attempts").asInt());
        String trace = site.php("echo ai_relay_trace_id( '" + key + "' );");
        assertTrue(relay.command("show", key).lines().anyMatch(line -> line.matches("trace +" + trace)), trace);
        assertEquals(1, site.applications("enrich_post", post));
    }

    @Test
    void a_post_that_is_changed_is_told_as_a_change_and_one_that_is_published_again_is_announced_again()
            throws Exception {
        long post = site.publish("Once", ARTICLE);
        awaitSummary(post);
        site.rest("POST", "/wp/v2/posts/" + post, Map.of("comment_status", "closed"));
        assertEquals(List.of("post.published"), events(post));
        site.rest("POST", "/wp/v2/posts/" + post, Map.of("title", "Once, corrected"));
        assertEquals(List.of("post.published", "post.updated"), events(post));
        await().atMost(PATIENCE).until(() -> site.applications("enrich_post", post) == 2);
        site.rest("POST", "/wp/v2/posts/" + post, Map.of("status", "draft"));
        site.rest("POST", "/wp/v2/posts/" + post, Map.of("status", "publish"));
        assertEquals(List.of("post.published", "post.updated", "post.published"), events(post));
        await().atMost(PATIENCE).until(() -> site.applications("enrich_post", post) == 3);
    }

    private static List<String> events(long post) throws IOException, InterruptedException {
        String names = site.php("global $wpdb; echo implode( ' ', $wpdb->get_col( \"SELECT event FROM {$wpdb->prefix}"
                + "ai_relay_outbox WHERE idempotency_key LIKE 'post-" + post + "-%' ORDER BY id\" ) );");
        return List.of(names.strip().split(" "));
    }

    @Test
    void a_relay_that_is_killed_in_the_middle_applies_each_result_once() throws Exception {
        long before = site.publish("Before", ARTICLE);
        relay.kill();
        long during = site.publish("During", ARTICLE);
        relay.start();
        // The plugin comes again by itself in a minute; a person need not wait for it.
        site.php("global $wpdb; $wpdb->query( \"UPDATE {$wpdb->prefix}ai_relay_outbox SET next_attempt_at = 0\" );");
        site.php("WP_CLI::runcommand( 'ai-relay deliver' );");
        awaitSummary(before);
        awaitSummary(during);
        assertEquals(1, site.applications("enrich_post", before));
        assertEquals(1, site.applications("enrich_post", during));
    }

    @Test
    void a_comment_judged_as_spam_is_marked_so_and_a_real_one_is_not() throws Exception {
        long post = site.publish("With comments", ARTICLE);
        JudgedComments comments = site.judgedComments(post);
        assertFalse(site.commentStatus(comments.real()).equals("spam"));
        assertEquals("spam", site.commentMeta(comments.spam(), "ai_relay_verdict"));
        assertFalse(site.commentMeta(comments.spam(), "ai_relay_reason").isEmpty());
    }

    private static JsonNode runBatch(String task, LongStream ids) {
        String key = Samples.key();
        return relay.client(SECRET).resultOf(key, Samples.batch(key, task, ids).toString(), PATIENCE);
    }

    private static long silently(String type, Map<String, Object> fields) {
        return site.rest("POST", "/wp/v2/" + type, fields).get("id").asLong();
    }

    /** The plugin keeps no lead: it passes on what it is told of one. */
    @Test
    void a_lead_is_qualified_and_its_result_passed_on() throws Exception {
        String key = Samples.key();
        JsonNode result = relay.client(SECRET)
                .resultOf(
                        key, Samples.lead(key).put("lead_id", "entry-of-" + key).toString(), PATIENCE);
        assertEquals("sales", result.get("category").asText(), result::toString);
        assertEquals(List.of("local"), site.appliedBy("qualify_lead", "entry-of-" + key));
    }

    /** Private posts, which raise no event of the plugin's: nobody but the batch brings them anything. */
    @Test
    void a_batch_enriches_posts_of_any_status_and_says_which_are_not_there() throws Exception {
        long[] posts = LongStream.range(0, 23)
                .map(number -> silently(
                        "posts",
                        Map.of(
                                "title",
                                "Old " + number,
                                "content",
                                ARTICLE,
                                "status",
                                number % 2 == 0 ? "private" : "draft")))
                .toArray();
        long gone = 999_999;
        JsonNode result = runBatch("enrich_posts", LongStream.concat(LongStream.of(posts), LongStream.of(gone)));
        assertEquals(posts.length, result.get("done").asInt(), result::toString);
        assertEquals(1, result.get("failed").asInt(), result::toString);
        assertEquals(gone, result.at("/failures/0/id").asLong());
        for (long post : posts) {
            assertFalse(site.meta(post).path("ai_relay_summary").asText().isEmpty());
            assertEquals(1, site.applications("enrich_post", post));
        }
        assertTrue(site.php("echo wp_json_encode( ai_relay_batches() );").contains("not there"));
    }

    @Test
    void a_batch_judges_comments_that_are_on_hold() throws Exception {
        long post = site.publish("With old comments", ARTICLE);
        String held = "echo wp_insert_comment( array( 'comment_post_ID' => " + post
                + ", 'comment_approved' => '0', 'comment_author' => 'A', 'comment_content' => '%s' ) );";
        long spam = Long.parseLong(site.php(held.formatted(
                "BUY CHEAP VIAGRA AND CIALIS ONLINE!!! Best casino bonus, visit http://cheap-pills.example/ now!!!")));
        long real = Long.parseLong(site.php(held.formatted("Will the workshop be open on Sundays as well?")));
        JsonNode result = runBatch("moderate_comments", LongStream.of(spam, real));
        assertEquals(2, result.get("done").asInt(), result::toString);
        assertEquals("spam", site.commentStatus(spam));
        assertEquals("spam", site.commentMeta(spam, "ai_relay_verdict"));
        assertFalse(site.commentMeta(real, "ai_relay_verdict").isEmpty());
        assertFalse(site.commentStatus(real).equals("spam"));
    }

    /** The role that the plugin makes may read what is public. */
    @Test
    void a_batch_of_a_user_who_may_only_write_results_is_of_what_is_public() throws Exception {
        String login = site.php(
                "$id = wp_insert_user( array( 'user_login' => 'writer', 'user_pass' => wp_generate_password(),"
                        + " 'role' => 'ai_relay_writer' ) );"
                        + " echo WP_Application_Passwords::create_new_application_password( $id, array( 'name' => 'relay' ) )[0];");
        long post = site.publish("Public", ARTICLE);
        long draft = silently("posts", Map.of("title", "Draft", "content", ARTICLE, "status", "draft"));
        try (RelayProcess other = new RelayProcess(Files.createDirectory(directory.resolve("other")))
                .with("WP_RELAY_SECRET", SECRET)
                .with("WP_SITE_URL", site.url())
                .with("WP_APP_USER", "writer")
                .with("WP_APP_PASSWORD", login)
                .start()) {
            String key = Samples.key();
            String batch = Samples.batch(key, "enrich_posts", LongStream.of(post, draft))
                    .toString();
            JsonNode result = other.client(SECRET).resultOf(key, batch, PATIENCE);
            assertEquals(1, result.get("done").asInt(), result::toString);
            assertEquals(draft, result.at("/failures/0/id").asLong(), result::toString);
        }
    }

    @Test
    void the_event_as_the_guide_sends_it_works_without_content() throws Exception {
        // A private post raises no event of the plugin's; the guide's plugin sends its own.
        long post = site.rest("POST", "/wp/v2/posts", Map.of("title", "Guide", "content", ARTICLE, "status", "private"))
                .get("id")
                .asLong();
        String key = Samples.key();
        ObjectNode event = Samples.guidePost(key).put("post_id", post);
        assertEquals(
                202,
                relay.client(SECRET)
                        .send(key, event.toString().getBytes(StandardCharsets.UTF_8))
                        .status());
        awaitSummary(post);
        assertEquals(
                "done", relay.client(SECRET).status(key).body().get("status").asText());
        assertEquals(1, site.applications("enrich_post", post));
    }
}

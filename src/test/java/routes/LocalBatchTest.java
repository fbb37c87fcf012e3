package routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import events.Event;
import events.EventLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Batches with the local AI, with a site and without one. */
class LocalBatchTest {
    @TempDir(cleanup = CleanupMode.NEVER)
    Path dataDir;

    private static Event awaitStatus(TestRelay relay, String key, String status) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> event(relay, key).status().equals(status));
        return event(relay, key);
    }

    private static Event event(TestRelay relay, String key) {
        return relay.bean(EventLog.class).findByKey(key).get(0);
    }

    private static String send(TestRelay relay, String task, LongStream ids) {
        String key = Samples.key();
        assertEquals(
                202,
                relay.client()
                        .send(key, Samples.batch(key, task, ids).toString())
                        .status());
        return key;
    }

    /** A site that is known by its signature alone: nobody to ask as. */
    @Test
    void posts_and_comments_are_worked_on_by_the_local_ai() throws Exception {
        try (BatchSite site = new BatchSite();
                TestRelay relay =
                        new TestRelay(dataDir).with("WP_SITE_URL", site.url()).startReady()) {
            String posts = send(relay, "enrich_posts", LongStream.rangeClosed(1, 25));
            String comments = send(relay, "moderate_comments", LongStream.rangeClosed(1, 25));
            awaitStatus(relay, posts, "done");
            awaitStatus(relay, comments, "done");
            JsonNode post =
                    BatchSite.body(site.results(posts + ":enrich_post:17").get(0));
            assertTrue(post.at("/result/summary").asText().contains("bridge"), post::toString);
            assertEquals("local", post.get("provider").asText());
            JsonNode comment = BatchSite.body(
                    site.results(comments + ":moderate_comment:17").get(0));
            assertFalse(comment.at("/result/verdict").asText().isEmpty(), comment::toString);
            assertFalse(site.questions("posts").get(0).queryParameter("status").isPresent());
        }
    }

    @Test
    void without_a_site_to_fetch_from_a_batch_is_a_dead_letter_that_says_what_to_do() throws Exception {
        try (TestRelay relay = new TestRelay(dataDir).startReady()) {
            Event dead = awaitStatus(relay, send(relay, "enrich_posts", LongStream.of(1)), "error");
            assertTrue(dead.error().contains("set WP_SITE_URL"), dead.error());
            assertEquals(1, dead.attempts());
        }
    }
}

package routes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import java.util.stream.LongStream;

/** Events that keep the contract, to be sent as they are or spoiled. */
public final class Samples {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Samples() {}

    public static String key() {
        return "test-" + UUID.randomUUID();
    }

    public static ObjectNode post(String key) {
        ObjectNode post = guidePost(key);
        post.put(
                "content",
                "<p>The old bridge over the river was closed last spring after engineers found cracks in two pillars."
                        + " Traffic now takes the ring road, which adds twenty minutes to every journey.</p>"
                        + "<p>The town council voted on Monday to repair the bridge instead of replacing it."
                        + " The work will start in June and last eleven months.</p>"
                        // No two are the same: what is asked of a paid AI once is not asked again.
                        + "<p>Our file number: " + key + "</p>");
        return post;
    }

    /** As the guide's plugin sends it: without content. */
    public static ObjectNode guidePost(String key) {
        ObjectNode post = JSON.createObjectNode();
        post.put("event", "post.published");
        post.put("post_id", 42);
        post.put("title", "The old bridge will be repaired");
        post.put("url", "https://example.test/the-old-bridge/");
        post.put("author", "Ada Author");
        post.put("published_at", "2026-01-31T09:30:00+00:00");
        post.put("idempotency_key", key);
        post.put("site", "https://example.test");
        post.putObject("meta").putArray("categories").add(1);
        post.withObject("/meta").putArray("tags").add("town");
        return post;
    }

    public static ObjectNode lead(String key) {
        ObjectNode lead = JSON.createObjectNode();
        lead.put("event", "lead.captured");
        lead.put("idempotency_key", key);
        lead.put("site", "https://example.test");
        lead.put("lead_id", "entry-7");
        lead.put("form", "Contact");
        lead.putObject("fields")
                .put("name", "Jane Doe")
                .put("email", "jane@example.test")
                .put("message", "We need 200 chairs by March. What would that cost?");
        return lead;
    }

    public static ObjectNode comment(String key, String content) {
        ObjectNode comment = JSON.createObjectNode();
        comment.put("event", "comment.created");
        comment.put("idempotency_key", key);
        comment.put("site", "https://example.test");
        comment.put("comment_id", 7);
        comment.put("post_id", 42);
        comment.put("content", content);
        return comment;
    }

    /** @param task {@code enrich_posts} or {@code moderate_comments} */
    public static ObjectNode batch(String key, String task, LongStream ids) {
        ObjectNode batch = JSON.createObjectNode();
        batch.put("event", "batch.requested");
        batch.put("idempotency_key", key);
        batch.put("site", "https://example.test");
        batch.put("task", task);
        ids.forEach(batch.putArray("ids")::add);
        return batch;
    }
}

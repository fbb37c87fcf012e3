package batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.BatchItems;
import ingress.Normalizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.http.HttpMethods;
import sites.Sites;

/**
 * Gets the posts or comments of a page in one request to the site's REST API, and makes of each what it would be as an
 * event of its own. WordPress answers with those that there are and that our user may read.
 */
public final class BatchFetch {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NOT_THERE = "not there, or not readable by the user that the relay asks WordPress as";

    private static final String NOT_PUBLIC = "is not public any more, so it is left alone";

    private final BatchItems items;
    private final Sites sites;

    /** @param event that it would be by itself, such as {@code post.published}, with its fields, normalized */
    record Fetched(long id, String event, Map<String, Object> fields) {}

    public BatchFetch(BatchItems items, Sites sites) {
        this.items = items;
        this.sites = sites;
    }

    /**
     * Out: the request for those of any status, drafts or comments on hold, which WordPress answers 400 or 403 to a user
     * who may not edit posts (WP_REST_Posts_Controller.sanitize_post_statuses,
     * WP_REST_Comments_Controller.get_items_permissions_check). Who has no user asks for what is public, since nobody is
     * answered 401, which would pause the site.
     */
    public void askForAll(Exchange exchange) {
        String site = exchange.getMessage().getHeader("RelaySite", String.class);
        ask(exchange, sites.authorization(site) == null ? "" : "&status=any");
    }

    /** Out: the request for those that everybody may read. */
    public void askForPublic(Exchange exchange) {
        ask(exchange, "");
    }

    private void ask(Exchange exchange, String status) {
        Message message = exchange.getMessage();
        String site = message.getHeader("RelaySite", String.class);
        message.removeHeaders("*", "Relay*");
        message.setHeader(Exchange.HTTP_METHOD, HttpMethods.GET);
        if (sites.authorization(site) != null) {
            message.setHeader("Authorization", sites.authorization(site));
        }
        List<Long> ids = BatchRun.page(exchange).ids();
        String include = ids.stream().map(String::valueOf).collect(Collectors.joining(","));
        String kind = isOfComments(exchange)
                ? "comments?_embed=up&_fields=id,post,content,link,_links,_embedded"
                        + (hasAuthors(exchange) ? ",author_name,author_url" : "")
                : "posts?_fields=id,title,link,date_gmt,content,excerpt" + (isOfPublic(exchange) ? ",status" : "");
        exchange.setProperty(
                "RelayRestPath", "/wp/v2/" + kind + "&per_page=" + ids.size() + "&include=" + include + status);
        message.setBody(null);
    }

    private static boolean isOfComments(Exchange exchange) {
        return "moderate_comments".equals(exchange.getProperty(BatchRun.TASK));
    }

    /** Whether who wrote a comment may be known, by the relay and the AI. */
    private static boolean hasAuthors(Exchange exchange) {
        return !Boolean.FALSE.equals(batch(exchange).get("authors"));
    }

    /** Whether posts that are not public, or not any more, are to be left alone. */
    private static boolean isOfPublic(Exchange exchange) {
        return Boolean.TRUE.equals(batch(exchange).get("public_only"));
    }

    private static Map<?, ?> batch(Exchange exchange) {
        return exchange.getProperty("RelayPayload", Map.class);
    }

    /**
     * In: what WordPress answered. Out: the list of {@link Fetched}. What is not among it has failed.
     *
     * @throws IOException when it is no list (a maintenance page, say): to be tried again
     */
    public void read(Exchange exchange) throws IOException {
        JsonNode answer = JSON.readTree(exchange.getMessage().getBody(byte[].class));
        if (!answer.isArray()) {
            throw new IOException(
                    "WordPress answered the question for posts or comments with something that is no list");
        }
        BatchPage page = BatchRun.page(exchange);
        List<Long> missing = new ArrayList<>(page.ids());
        List<Fetched> fetched = new ArrayList<>();
        for (JsonNode each : answer) {
            if (missing.remove((Long) each.path("id").longValue())) {
                take(exchange, page, each, fetched);
            }
        }
        missing.forEach(id -> items.fail(page.event(), id, NOT_THERE));
        exchange.getMessage().setBody(fetched);
    }

    private void take(Exchange exchange, BatchPage page, JsonNode each, List<Fetched> fetched) {
        long id = each.path("id").longValue();
        if (!isOfComments(exchange)
                && isOfPublic(exchange)
                && !"publish".equals(each.path("status").asText())) {
            items.fail(page.event(), id, NOT_PUBLIC);
        } else if (each.path("content").path("protected").asBoolean()) {
            items.fail(page.event(), id, "protected by a password, so its content cannot be read");
        } else if (!each.path("content").path("rendered").isTextual()) {
            items.fail(page.event(), id, "WordPress answered without its content");
        } else {
            fetched.add(isOfComments(exchange) ? comment(each, id, hasAuthors(exchange)) : post(each, id));
        }
    }

    private static Fetched post(JsonNode post, long id) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("post_id", id);
        fields.put("title", post.path("title").path("rendered").asText(""));
        fields.put("url", post.path("link").asText(""));
        fields.put("published_at", post.path("date_gmt").asText("") + "Z");
        fields.put("content", post.path("content").path("rendered").textValue());
        fields.put("excerpt", post.path("excerpt").path("rendered").asText(""));
        return new Fetched(id, "post.published", Normalizer.normalize(fields));
    }

    private static Fetched comment(JsonNode comment, long id, boolean hasAuthor) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("comment_id", id);
        fields.put("post_id", comment.path("post").longValue());
        fields.put("content", comment.path("content").path("rendered").textValue());
        if (hasAuthor) {
            fields.put("author_name", comment.path("author_name").asText(""));
            fields.put("author_url", comment.path("author_url").asText(""));
        }
        fields.put("url", comment.path("link").asText(""));
        fields.put("post_title", comment.at("/_embedded/up/0/title/rendered").asText(""));
        return new Fetched(id, "comment.created", Normalizer.normalize(fields));
    }
}

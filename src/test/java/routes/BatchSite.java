package routes;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A WordPress over the wire with posts and comments of any number: 404 to 409 are not there, 600 to 609 are protected by a
 * password, posts 500 to 509 are drafts. It takes results.
 */
public final class BatchSite implements AutoCloseable {
    public static final String RESULTS = "/wp-json/ai-relay/v1/results";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WireMockServer server = new WireMockServer(
            WireMockConfiguration.options().dynamicPort().extensions(new Answering(Items.NAME, Items::answer)));

    public BatchSite() {
        server.start();
        reset();
    }

    /** As at the start. */
    public void reset() {
        server.resetAll();
        server.stubFor(get(urlPathMatching("/wp-json/wp/v2/(posts|comments)"))
                .willReturn(aResponse().withTransformers(Items.NAME)));
        server.stubFor(takes(null, okJson("{\"status\":\"applied\"}")));
    }

    private static MappingBuilder takes(String keyPart, ResponseDefinitionBuilder answer) {
        MappingBuilder stub = post(urlPathEqualTo(RESULTS));
        return (keyPart == null ? stub : stub.withHeader("Idempotency-Key", containing(keyPart))).willReturn(answer);
    }

    /** From now on, to every result with this in its {@code Idempotency-Key}. */
    public void answer(String keyPart, ResponseDefinitionBuilder answer) {
        server.stubFor(takes(keyPart, answer));
    }

    public WireMockServer server() {
        return server;
    }

    public String url() {
        return server.baseUrl();
    }

    /** The results that it was sent with this in their {@code Idempotency-Key}, taken or not. */
    public List<LoggedRequest> results(String keyPart) {
        return server.findAll(
                postRequestedFor(urlPathEqualTo(RESULTS)).withHeader("Idempotency-Key", containing(keyPart)));
    }

    public static JsonNode body(LoggedRequest request) {
        try {
            return JSON.readTree(request.getBody());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The questions for {@code posts} or {@code comments}. */
    public List<LoggedRequest> questions(String kind) {
        return server.findAll(getRequestedFor(urlPathEqualTo("/wp-json/wp/v2/" + kind)));
    }

    @Override
    public void close() {
        server.stop();
    }

    private static final class Items {
        static final String NAME = "items";

        private static ResponseDefinitionBuilder answer(Request request) {
            boolean isOfPosts = request.getUrl().contains("/posts");
            ArrayNode items = JSON.createArrayNode();
            Stream.of(request.queryParameter("include").firstValue().split(","))
                    .map(Long::valueOf)
                    .filter(id -> id / 10 != 40 || id % 10 < 4)
                    .forEach(id -> items.add(isOfPosts ? post(id) : comment(id)));
            return okJson(items.toString());
        }

        private static ObjectNode post(long id) {
            boolean isProtected = id / 10 == 60;
            ObjectNode post = item(id, "/post-" + id);
            post.put("status", id / 10 == 50 ? "draft" : "publish");
            post.put("date_gmt", "2026-01-31T09:30:00");
            post.putObject("title").put("rendered", "The bridge &#8211; part " + id);
            post.putObject("excerpt").put("rendered", "");
            post.putObject("content")
                    .put("protected", isProtected)
                    .put("rendered", isProtected ? "" : """
                            <p>The old bridge over the river was closed last spring after engineers found cracks in two of
                            its pillars. Traffic takes the ring road.</p><p>The council voted to repair it. Part %d.</p>
                            """.formatted(id));
            return post;
        }

        private static ObjectNode comment(long id) {
            ObjectNode comment = item(id, "/post-1/#comment-" + id);
            comment.put("post", 1).put("author_name", "Rita Reader").put("author_url", "https://rita.example/");
            comment.putObject("content").put("rendered", "<p>Will number " + id + " be open on Sundays as well?</p>");
            comment.putObject("_embedded").putArray("up").add(post(1));
            return comment;
        }

        private static ObjectNode item(long id, String path) {
            return JSON.convertValue(Map.of("id", id, "link", "https://example.test" + path), ObjectNode.class);
        }
    }
}

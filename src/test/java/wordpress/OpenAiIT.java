package wordpress;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import operations.RelayProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import routes.Answering;
import routes.Completions;
import routes.Samples;

/**
 * The four automations against a real WordPress, with a language model: the relay as a process, the server with OpenAI's
 * chat completions and the CRM over the wire.
 */
class OpenAiIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SECRET = "shared-by-both-ends";
    /** What the server does not want to hear. */
    private static final String FORBIDDEN = "the forbidden word";

    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String CRM = "/hooks/crm";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static final WireMockServer SERVERS = new WireMockServer(
            WireMockConfiguration.options().dynamicPort().extensions(new Answering("model", Model::answer)));

    private static RelayProcess relay;
    private static WordPressSite site;

    /** Says of each event what only whoever has read it can say. */
    private static final class Model {
        private static ResponseDefinitionBuilder answer(Request request) {
            return okJson(Completions.of(Completions.toEach(request.getBodyAsString(), Model::says), 100, 20));
        }

        private static JsonNode says(JsonNode seen) {
            ObjectNode answer = JSON.createObjectNode();
            if (seen.has("form")) {
                return answer.put("category", "sales")
                        .put("score", 80)
                        .put("summary", "Wants: " + seen.at("/fields/message").asText());
            }
            if (seen.has("title")) {
                String title = seen.get("title").asText();
                answer.put("summary", "The post " + title + ".")
                        .put("seo_title", title)
                        .put("seo_description", "About " + title + ".")
                        .put("language", "en");
                answer.putArray("keywords").add("library").add(title);
                return answer;
            }
            String comment = seen.get("content").asText();
            return answer.put("verdict", comment.contains("casino") ? "spam" : "approve")
                    .put("confidence", 0.9)
                    .put("reason", "It says: " + comment);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        SERVERS.start();
        SERVERS.stubFor(post(urlEqualTo(COMPLETIONS)).willReturn(aResponse().withTransformers("model")));
        SERVERS.stubFor(post(urlEqualTo(COMPLETIONS))
                .withRequestBody(containing(FORBIDDEN))
                .willReturn(aResponse().withStatus(400).withBody("{\"error\":{\"code\":\"content_filter\"}}")));
        SERVERS.stubFor(post(urlEqualTo(CRM)).willReturn(ok()));
        relay = new RelayProcess(directory)
                .with("WP_RELAY_SECRET", SECRET)
                .with("AI_PROVIDER", "openai")
                .with("AI_BASE_URL", SERVERS.baseUrl() + "/v1")
                .with("AI_MODEL", "a-model")
                .with("AI_API_KEY", "sk-only-for-this-test")
                .with("AI_FALLBACK", "local,hold")
                .with("CRM_WEBHOOK_URL", SERVERS.baseUrl() + CRM)
                .with("CRM_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        site = WordPressSite.beside(relay, SECRET);
    }

    @AfterAll
    static void stop() throws Exception {
        relay.close();
        SERVERS.stop();
        site.closeWithoutComplaints();
    }

    private static JsonNode resultOf(String key, JsonNode event) {
        return relay.client(SECRET).resultOf(key, event.toString(), PATIENCE);
    }

    @Test
    void a_post_has_what_the_model_says_of_it() throws Exception {
        long post = site.publish("Sundays", "<p>The library will open on Sundays.</p>");
        await().atMost(PATIENCE)
                .until(() -> site.meta(post).path("ai_relay_summary").asText().equals("The post Sundays."));
        assertEquals(List.of("openai"), site.appliedBy("enrich_post", post));
        assertEquals(
                "About Sundays.",
                site.meta(post).get("ai_relay_seo_description").asText());
        assertEquals(
                "[\"library\",\"Sundays\"]",
                site.meta(post).get("ai_relay_keywords").toString());
    }

    @Test
    void a_post_that_the_model_may_not_see_has_what_the_next_provider_says() throws Exception {
        long post = site.publish("Forbidden", "<p>Here is " + FORBIDDEN + ", for all to read.</p>");
        await().atMost(PATIENCE)
                .until(() -> !site.appliedBy("enrich_post", post).isEmpty());
        assertEquals(List.of("local"), site.appliedBy("enrich_post", post));
    }

    @Test
    void a_comment_has_the_verdict_of_the_model() throws Exception {
        long post = site.publish("With comments", "Say something.");
        long spam = site.comment(post, "The best casino in town");
        long real = site.comment(post, "Will the workshop be open as well?");
        await().atMost(PATIENCE).until(() -> site.commentStatus(spam).equals("spam"));
        await().atMost(PATIENCE)
                .until(() -> site.commentMeta(real, "ai_relay_verdict").equals("approve"));
        assertEquals("It says: Will the workshop be open as well?", site.commentMeta(real, "ai_relay_reason"));
    }

    @Test
    void a_lead_reaches_the_crm_and_its_result_the_site() throws Exception {
        String key = Samples.key();
        JsonNode result = resultOf(key, Samples.lead(key));
        assertEquals("sales", result.get("category").asText());
        List<LoggedRequest> told = SERVERS.findAll(postRequestedFor(urlEqualTo(CRM)));
        assertEquals(1, told.size());
        assertTrue(told.get(0).getBodyAsString().contains("Wants: We need 200 chairs by March."));
        assertEquals(1, site.applications("qualify_lead", "entry-7"));
    }

    @Test
    void a_batch_of_comments_asks_about_several_in_one_request() throws Exception {
        long post = site.publish("With old comments", "Say something.");
        long[] comments = held(post, 12);
        String key = Samples.key();
        JsonNode result = resultOf(key, Samples.batch(key, "moderate_comments", LongStream.of(comments)));
        assertEquals(12, result.get("done").asInt(), result::toString);
        for (int number = 0; number < comments.length; number++) {
            assertEquals("It says: Old comment " + number, site.commentMeta(comments[number], "ai_relay_reason"));
        }
        assertTrue(
                SERVERS.findAll(postRequestedFor(urlEqualTo(COMPLETIONS))).stream()
                        .anyMatch(request -> Completions.isAboutSeveral(request.getBodyAsString())),
                "four of a batch are in hand at once");
    }

    /** Comments that raise no event of the plugin's, so that nobody but the batch asks about them. */
    private static long[] held(long post, int number) throws IOException, InterruptedException {
        String ids = site.php("global $wpdb; for ( $i = 0; $i < " + number + "; $i++ ) {"
                + " $wpdb->insert( $wpdb->comments, array( 'comment_post_ID' => " + post
                + ", 'comment_approved' => '0', 'comment_author' => 'A', 'comment_content' => \"Old comment $i\","
                + " 'comment_date' => current_time( 'mysql' ), 'comment_date_gmt' => current_time( 'mysql', true ) ) );"
                + " echo $wpdb->insert_id, ' '; }");
        return Stream.of(ids.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    @Test
    void a_batch_of_posts_has_what_the_model_says_of_each() {
        long[] posts = LongStream.range(0, 5)
                .map(number -> site.rest(
                                "POST",
                                "/wp/v2/posts",
                                Map.of("title", "Private " + number, "content", "Text.", "status", "private"))
                        .get("id")
                        .asLong())
                .toArray();
        String key = Samples.key();
        assertEquals(
                5,
                resultOf(key, Samples.batch(key, "enrich_posts", LongStream.of(posts)))
                        .get("done")
                        .asInt());
        for (int number = 0; number < posts.length; number++) {
            assertEquals(
                    "The post Private " + number + ".",
                    site.meta(posts[number]).get("ai_relay_summary").asText());
        }
    }
}

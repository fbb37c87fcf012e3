package routes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.EventLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import routes.Client.Answer;

/** A relay that works for several sites, whose file changes while it runs. */
class ManySitesTest {
    private static final String SITES = """
            sites:
              - id: shop
                secrets: [{key: shop-1, secret: the secret of the shop}]
                limits: {rate: 5}
                events: [post.published]
              - id: blog
                secrets: [{key: blog-1, secret: the secret of the blog}]
            """;

    @TempDir(cleanup = CleanupMode.NEVER)
    Path dataDir;

    private final AtomicBoolean isDone = new AtomicBoolean();
    private Path file;
    private TestRelay relay;

    /** One key of one site. */
    private record Sender(Client client, String keyId) {
        Answer send(String key, String body) {
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            return client.post(headers(key, content), content);
        }

        Map<String, String> headers(String key, byte[] content) {
            Map<String, String> headers = client.headers(key, content);
            headers.put("X-WP-Key-Id", keyId);
            return headers;
        }

        int sendPost() {
            String key = Samples.key();
            return send(key, Samples.post(key).toString()).status();
        }
    }

    @BeforeEach
    void start() throws Exception {
        file = Files.writeString(dataDir.resolve("sites.yaml"), SITES);
        relay = new TestRelay(dataDir)
                .with("WP_RELAY_SECRET", "")
                .with("RELAY_SITES_FILE", file.toString())
                .startReady();
    }

    @AfterEach
    void stop() throws Exception {
        isDone.set(true);
        relay.close();
    }

    private Sender sender(String keyId, String secret) {
        return new Sender(relay.client(secret), keyId);
    }

    private Sender shop() {
        return sender("shop-1", "the secret of the shop");
    }

    private Sender blog() {
        return sender("blog-1", "the secret of the blog");
    }

    /** In one step, as an editor or a deployment puts it there. */
    private void write(String content) throws IOException {
        Path next = Files.writeString(dataDir.resolve("sites.next"), content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String secrets(String site, String keys) {
        return SITES.replaceFirst("secrets: \\[\\{key: " + site + ".*", "secrets: [" + keys + "]");
    }

    @Test
    void the_same_key_of_two_sites_is_two_events_and_each_sees_its_own() {
        String key = Samples.key();
        String body = Samples.post(key).toString();
        assertEquals("accepted", shop().send(key, body).body().path("status").asText());
        assertEquals("accepted", blog().send(key, body).body().path("status").asText());
        assertEquals(
                List.of("blog", "shop"),
                relay.bean(EventLog.class).findByKey(key).stream()
                        .map(event -> event.site())
                        .sorted()
                        .toList());
        String onlyShops = Samples.key();
        shop().send(onlyShops, Samples.post(onlyShops).toString());
        assertEquals(200, status(shop(), onlyShops));
        assertEquals(404, status(blog(), onlyShops));
    }

    private int status(Sender sender, String key) {
        Map<String, String> headers = sender.headers(key, key.getBytes(StandardCharsets.UTF_8));
        return sender.client()
                .call("GET", "/webhooks/wp/" + key, headers, java.net.http.HttpRequest.BodyPublishers.noBody())
                .status();
    }

    @Test
    void a_secret_opens_its_own_site_under_its_own_name() {
        assertEquals(401, sender("shop-1", "the secret of the blog").sendPost());
        assertEquals(401, sender("nobody", "the secret of the blog").sendPost());
        String key = Samples.key();
        Answer unnamed = relay.client("the secret of the blog")
                .send(key, Samples.post(key).toString());
        assertEquals(400, unnamed.status());
        assertEquals("missing headers", unnamed.body().path("error").asText());
    }

    @Test
    void a_site_sends_the_events_it_may() {
        String key = Samples.key();
        Answer refused = shop().send(key, Samples.comment(key, "A comment.").toString());
        assertEquals(422, refused.status());
        assertEquals(
                "event", refused.body().path("details").path(0).path("field").asText());
        assertEquals(
                202,
                blog().send(key, Samples.comment(key, "A comment.").toString()).status());
    }

    @Test
    void a_site_that_uses_up_its_rate_takes_nothing_from_another() {
        await().until(() -> IntStream.range(0, 20).map(i -> shop().sendPost()).anyMatch(status -> status == 429));
        assertEquals(202, blog().sendPost());
    }

    @Test
    void a_new_site_is_known_within_seconds_and_a_broken_file_changes_nothing() throws Exception {
        write(SITES + "  - {id: news, secrets: [{key: news-1, secret: the secret of the news}]}\n");
        await().until(() -> sender("news-1", "the secret of the news").sendPost() == 202);
        write("sites:\n  - id: shop\n");
        await().during(5, java.util.concurrent.TimeUnit.SECONDS)
                .until(() -> sender("news-1", "the secret of the news").sendPost() == 202);
        write(SITES);
        await().until(() -> sender("news-1", "the secret of the news").sendPost() == 401);
    }

    @Test
    void a_secret_is_replaced_under_load_without_a_401() throws Exception {
        AtomicReference<Sender> blog = new AtomicReference<>(blog());
        List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
        Thread load = new Thread(() -> {
            while (!isDone.get()) {
                statuses.add(blog.get().sendPost());
            }
        });
        load.start();
        Sender next = sender("blog-2", "the next secret of the blog");
        // 1. The relay knows both.
        String both =
                "{key: blog-1, secret: the secret of the blog}, {key: blog-2, secret: the next secret of the blog}";
        write(secrets("blog", both));
        await().until(() -> next.sendPost() == 202);
        // 2. The site signs with the new one; the metric says that it does.
        blog.set(next);
        double before = verifiedBy("blog-2");
        await().until(() -> verifiedBy("blog-2") > before + 5);
        // 3. The old one expires.
        String past = Instant.now().minus(1, ChronoUnit.MINUTES).toString();
        write(secrets("blog", both.replace("of the blog}, ", "of the blog, expires: '" + past + "'}, ")));
        await().until(() -> blog().sendPost() == 401);
        isDone.set(true);
        load.join();
        assertTrue(statuses.size() > 10, statuses.toString());
        assertEquals(List.of(202), statuses.stream().distinct().toList());
    }

    private double verifiedBy(String keyId) {
        Counter counter = relay.bean(MeterRegistry.class)
                .find("relay.verified")
                .tags("site", "blog", "key", keyId)
                .counter();
        return counter == null ? 0 : counter.count();
    }
}

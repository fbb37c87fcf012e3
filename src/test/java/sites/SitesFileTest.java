package sites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SitesFileTest {
    private static final String WHOLE = """
            sites:
              - id: shop
                url: https://shop.example/blog/
                secrets:
                  - key: shop-2026
                    secret: env:SHOP_SECRET
                    not-before: 2026-01-01T00:00:00Z
                    expires: 2027-01-01T01:00:00+01:00
                  - {key: shop-2027, secret: file:shop.secret}
                credentials: {user: relay, password: "abcd efgh"}
                limits: {rate: 50, backlog: 2000, daily-tokens: 100000, daily-tokens-anonymous: 20000}
                addresses: [203.0.113.0/24, "2001:db8::/32"]
                events: [post.published]
              - id: blog
                secrets:
                  - {key: blog, secret: a secret of the blog's}
            """;

    @TempDir
    Path directory;

    private SitesFile file(String content) throws IOException {
        Files.writeString(directory.resolve("shop.secret"), "from a file\n");
        Path file = Files.writeString(directory.resolve("sites.yaml"), content);
        return new SitesFile(file, Map.of("SHOP_SECRET", "from the environment"));
    }

    private String problem(String content) {
        return assertThrows(IOException.class, () -> file(content).read()).getMessage();
    }

    @Test
    void a_site_has_all_that_the_file_says_of_it() throws Exception {
        Site shop = file(WHOLE).read().sites().get(0);
        assertEquals("shop", shop.id());
        assertEquals("https://shop.example/blog", shop.url());
        assertEquals(new Site.Credentials("relay", "abcd efgh"), shop.credentials());
        assertEquals(new Site.Limits(50, 2000, 100_000L, 20_000L), shop.limits());
        assertTrue(shop.allowed().contains(Addresses.literal("203.0.113.7")));
        assertFalse(shop.allowed().contains(Addresses.literal("203.0.114.7")));
        assertEquals(Set.of("post.published"), shop.events());
        assertTrue(shop.maySend("post.published"));
        assertFalse(shop.maySend("comment.created"));
    }

    @Test
    void a_secret_is_in_the_environment_or_in_a_file_beside_or_here() throws Exception {
        List<SiteKey> keys = file(WHOLE).read().sites().stream()
                .flatMap(site -> site.keys().stream())
                .toList();
        assertEquals(
                List.of("shop-2026", "shop-2027", "blog"),
                keys.stream().map(SiteKey::id).toList());
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                List.of("from the environment", "from a file", "a secret of the blog's").stream()
                        .map(secret -> new Signature(secret).sign("1", content))
                        .toList(),
                keys.stream().map(key -> key.signature().sign("1", content)).toList());
    }

    @Test
    void a_secret_for_woocommerce_is_for_its_topics_and_for_nothing_else() throws Exception {
        String topics = "a secret of the blog's, woocommerce: [order.created, order.updated]";
        SitesFile.Content content =
                file(WHOLE.replace("a secret of the blog's", topics)).read();
        Site blog = content.sites().get(1);
        SiteKey key = blog.keys().get(0);
        assertTrue(key.wooCommerce().isFor("order.updated"));
        assertFalse(key.wooCommerce().isFor("order.deleted"));
        assertTrue(content.secrets().contains("a secret of the blog's"));
        Sites sites = Sites.many(content.sites());
        assertEquals(List.of(key), sites.wooCommerceCandidates("blog"));
        assertEquals(List.of(key), sites.wooCommerceCandidates(null));
        assertEquals(List.of(), sites.wooCommerceCandidates("shop-2026"));
        assertEquals(List.of(), sites.candidates("blog"));
        assertEquals("", blog.sign(Instant.EPOCH, new byte[0]));
    }

    @ParameterizedTest
    @CsvSource({"'', ', woocommerce: [order.created]'", "', woocommerce: [order.created]', ''"})
    void a_secret_for_woocommerce_is_there_once(String one, String other) {
        String format = "{key: %s, secret: a secret of the blog's%s}";
        String twice = format.formatted("blog", one) + "\n      - " + format.formatted("blog-2", other);
        String problem = problem(WHOLE.replace(format.formatted("blog", ""), twice));
        assertTrue(problem.contains("site 'blog' has a secret twice"), problem);
    }

    /** With another id, say, during a rotation that changes only the ids. */
    @Test
    void a_site_may_have_one_secret_under_two_ids() throws Exception {
        String once = "{key: blog, secret: a secret of the blog's}";
        String twice = once + "\n      - " + once.replace("key: blog", "key: blog-2");
        assertEquals(
                List.of("blog", "blog-2"),
                file(WHOLE.replace(once, twice)).read().sites().get(1).keys().stream()
                        .map(SiteKey::id)
                        .toList());
    }

    @Test
    void a_secret_is_valid_from_its_first_moment_until_it_expires() throws Exception {
        SiteKey key = file(WHOLE).read().sites().get(0).keys().get(0);
        assertFalse(key.isValid(Instant.parse("2025-12-31T23:59:59Z")));
        assertTrue(key.isValid(Instant.parse("2026-01-01T00:00:00Z")));
        assertTrue(key.isValid(Instant.parse("2026-12-31T23:59:59Z")));
        assertFalse(key.isValid(Instant.parse("2027-01-01T00:00:00Z")));
    }

    @Test
    void what_is_left_out_is_the_relays_own() throws Exception {
        Site blog = file(WHOLE).read().sites().get(1);
        assertFalse(blog.hasAddress());
        assertEquals(new Site.Credentials("", ""), blog.credentials());
        assertEquals(Site.Limits.OF_RELAY, blog.limits());
        assertTrue(blog.allowed().isEmpty());
        assertTrue(blog.maySend("lead.captured"));
    }

    @Test
    void every_secret_is_known_to_whoever_keeps_secrets_out_of_logs() throws Exception {
        assertEquals(
                List.of(
                        "from the environment",
                        "from a file",
                        "abcd efgh",
                        "abcdefgh",
                        "cmVsYXk6YWJjZCBlZmdo",
                        "a secret of the blog's"),
                file(WHOLE).read().secrets());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id: shop               | id: \"the shop\"        | sites[0].id",
                "id: blog               | id: shop                | the site 'shop' is there twice",
                "key: blog              | key: shop-2026          | the key 'shop-2026' is there twice",
                "a secret of the blog's | env:SHOP_SECRET         | the sites 'shop' and 'blog' have a secret in common",
                "[203.0.113.0/24, \"2001:db8::/32\"] | []        | sites[0].addresses",
                "[203.0.113.0/24, \"2001:db8::/32\"] | [\"\"]    | sites[0].addresses[0]",
                "env:SHOP_SECRET        | env:MISSING             | the secret of key 'shop-2026' is env:MISSING, and nothing is there",
                "file:shop.secret       | file:missing            | the secret of key 'shop-2027' is file:missing, which cannot be read",
                "a secret of the blog's | whsec_AAAA              | begins as one of Standard Webhooks does",
                "a secret of the blog's | 12345                   | sites[1].secrets[0].secret",
                "rate: 50               | rate: 0                 | sites[0].limits.rate",
                "daily-tokens: 100000   | daily-tokens: many      | sites[0].limits.daily-tokens",
                "203.0.113.0/24         | 203.0.113.0/33          | the addresses of site 'shop'",
                "limits:                | limit:                  | sites[0]",
                "a secret of the blog's | \"a secret\", woocommerce: []      | sites[1].secrets[0].woocommerce",
                "a secret of the blog's | \"a secret\", woocommerce: [order] | sites[1].secrets[0].woocommerce[0]",
                "https://shop           | ftp://shop              | sites[0].url",
                "2026-01-01T00:00:00Z   | tomorrow                | key 'shop-2026' has a time",
                "credentials:           | url:                    | has a name twice, at line"
            })
    void what_is_wrong_is_said_with_its_place(String right, String wrong, String said) {
        assertTrue(WHOLE.contains(right), right);
        String problem = problem(WHOLE.replaceFirst(java.util.regex.Pattern.quote(right), wrong));
        assertTrue(problem.contains(said), problem);
        assertFalse(problem.contains("abcd"), problem);
    }

    @Test
    void a_file_that_is_missing_or_empty_or_no_yaml_is_refused() {
        assertEquals(
                "it cannot be read",
                assertThrows(IOException.class, () -> new SitesFile(directory.resolve("missing"), Map.of()).read())
                        .getMessage());
        assertTrue(problem("sites: [").contains("it is no YAML"));
        problem("");
        assertTrue(problem("sites: []").contains("sites"));
    }
}

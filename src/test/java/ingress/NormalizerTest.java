package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizerTest {
    private static String content(String content) {
        return (String) Normalizer.normalize(Map.of("content", content)).get("content");
    }

    @Test
    void markup_is_taken_away_and_paragraphs_stay_lines() {
        assertEquals(
                "Title\nOne & two.\nThree\nfour.",
                content("<!-- wp:heading --><h2>Title</h2><p>One &amp; <b>two</b>.</p><p>Three<br>four.</p>"));
    }

    @Test
    void scripts_and_styles_are_no_text() {
        assertEquals("seen", content("<script>alert(1)</script><style>p{}</style><p>seen</p>"));
    }

    @Test
    void the_address_of_a_link_is_kept() {
        assertEquals("See this (https://example.test/a).", content("See <a href=\"https://example.test/a\">this</a>."));
        assertEquals("https://example.test/", content("<a href=\"https://example.test/\">https://example.test/</a>"));
        assertEquals("click", content("<a href=\"javascript:alert(1)\">click</a>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&lt;script&gt;alert(1)&lt;/script&gt;",
                "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
                "<scr<script>ipt>alert(1)</script>",
                "a < b and c > d",
                "<p>3 &lt; 5</p>",
                "&amp;amp;amp;amp;amp;amp;amp;lt;b&amp;amp;amp;amp;amp;amp;amp;gt;",
                "plain"
            })
    void normalizing_twice_is_normalizing_once_and_leaves_no_tag(String text) {
        String once = content(text);
        assertEquals(once, content(once));
        assertFalse(once.matches("(?s).*<[a-zA-Z/!].*"), once);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            'a </',             'a /'
            'a <\u200b/b',      'a'
            '<\u200bscript>x',  ''
            '<\u0000b>a',       'a'
            'a <?php b',        'a'
            '1 < 2 and 3 <= 4', '1 < 2 and 3 <= 4'
            """)
    void what_begins_a_tag_is_markup_too(String sent, String seen) {
        assertEquals(seen, content(sent));
    }

    @Test
    void control_characters_are_taken_away() {
        assertEquals("a b\nc", content("a\u0000\u0007\u001b b\r\nc"));
    }

    @Test
    void texts_are_cut_at_their_limits_and_never_within_a_character() {
        Map<String, Object> normal = Normalizer.normalize(Map.of(
                "title", "t".repeat(400),
                "author", "a".repeat(400),
                "content", "c".repeat(120_000)));
        assertEquals(300, normal.get("title").toString().length());
        assertEquals(200, normal.get("author").toString().length());
        assertEquals(100_000, normal.get("content").toString().length());
        String camels = (String)
                Normalizer.normalize(Map.of("title", "x" + "🐫".repeat(200))).get("title");
        assertEquals(299, camels.length());
        assertTrue(camels.endsWith("🐫"));
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS://Example.TEST/a/../b/?q=1#part, https://example.test/b/?q=1",
        "http://example.test, http://example.test/",
        "http://example.test:8080/caf%C3%A9, http://example.test:8080/caf%C3%A9",
        "javascript:alert(1), ''",
        "/relative, ''",
        "not a url, ''",
        "http://user:secret@example.test/, http://example.test/",
    })
    void an_address_has_one_form(String address, String expected) {
        assertEquals(expected, Normalizer.url(address));
    }

    @Test
    void a_text_of_just_its_limit_is_whole_and_what_is_cut_ends_with_no_blank() {
        assertEquals("t".repeat(300), title("t".repeat(300)));
        assertEquals("t".repeat(298) + "🐫", title("t".repeat(298) + "🐫"));
        assertEquals("t".repeat(299), title("t".repeat(299) + " more"));
    }

    private static String title(String title) {
        return (String) Normalizer.normalize(Map.of("title", title)).get("title");
    }

    /** A passage for each level is more than anybody writes; then what could become a tag is taken out. */
    @Test
    void what_is_nested_too_deep_keeps_its_words() {
        String deep = "&" + "amp;".repeat(9);
        assertEquals(
                "before amp;amp;amp;amp;lt;bamp;amp;amp;amp;gt; after",
                content("before " + deep + "lt;b" + deep + "gt; after"));
    }

    @Test
    void an_address_may_have_its_port_and_has_a_longest_one() {
        assertEquals("http://example.test:0/", Normalizer.url("http://example.test:0"));
        String longest = "https://example.test/" + "a".repeat(2048 - 21);
        assertEquals(longest, Normalizer.url(longest));
        assertEquals("", Normalizer.url(longest + "a"));
    }

    @Test
    void what_was_filled_into_a_form_loses_its_markup_too() {
        assertEquals(
                Map.of("lead_id", 7, "form", "Contact", "fields", Map.of("message", "How much?", "email", "a@b.test")),
                Normalizer.normalize(Map.of(
                        "lead_id",
                        7,
                        "form",
                        "<b>Contact</b>",
                        "fields",
                        Map.of("message", "<p>How much?</p>", "email", "a@b.test"))));
    }

    @Test
    void tags_lose_their_markup_too() {
        assertEquals(
                Map.of("tags", List.of("town", "R & D"), "categories", List.of(1)),
                Normalizer.normalize(Map.of(
                                "meta", Map.of("tags", List.of("<b>town</b>", "R &amp; D"), "categories", List.of(1))))
                        .get("meta"));
    }

    @Test
    void what_is_no_text_stays_as_it_is() {
        Map<String, Object> normal =
                Normalizer.normalize("{\"post_id\":7,\"revision\":\"<r>\",\"meta\":{\"tags\":[\"a\"]},\"x\":null}"
                        .getBytes(StandardCharsets.UTF_8));
        assertEquals(7, normal.get("post_id"));
        assertEquals("<r>", normal.get("revision"));
        assertTrue(normal.containsKey("x"));
    }
}

package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of any text, made of what an attacker would make it of. */
class NormalizerPropertyTest {
    private static final Pattern TAG = Pattern.compile("<[a-zA-Z/!?]");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n]]");
    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://[^/?#@\\s]+/\\S*");
    private static final List<String> PIECES = List.of(
            "<",
            ">",
            "&",
            ";",
            "lt;",
            "&lt;",
            "&amp;",
            "&#60;",
            "&#x3c;",
            "&amp;lt;",
            "/",
            "!--",
            "-->",
            "script",
            "b",
            "p",
            "<b>",
            "</b>",
            "<script>",
            "</script>",
            "<img src=x onerror=alert(1)>",
            "<a href=\"https://example.test/\">",
            "\"",
            "'",
            "=",
            " ",
            "  ",
            "\n",
            "\r",
            "\t",
            "\u0000",
            "\u001b",
            "\u200b",
            "\u200d",
            "\u202e",
            "\u2066",
            "\ufeff",
            "\u00a0",
            "\u2028",
            "\ud83d",
            "\ude00",
            "😀",
            "é",
            "e\u0301",
            "\u0301\u0301\u0301\u0301\u0301",
            "ß",
            "ش",
            "\u0915",
            "中",
            "word",
            "https://",
            "javascript:",
            "1",
            ".");

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(4, Arbitraries.of(PIECES)),
                net.jqwik.api.Tuple.of(1, Arbitraries.strings().ofMaxLength(5)));
        return piece.list().ofMaxSize(40).map(pieces -> String.join("", pieces));
    }

    @Property
    void what_is_normal_stays_as_it_is(@ForAll("texts") String text) {
        Map<String, Object> once = normalize(text);
        assertEquals(once, Normalizer.normalize(once));
    }

    @Property
    void no_text_has_markup_or_control_characters(@ForAll("texts") String text) {
        normalize(text).forEach((field, value) -> {
            assertFalse(TAG.matcher(value.toString()).find(), value.toString());
            assertFalse(CONTROL.matcher(value.toString()).find(), value.toString());
        });
    }

    @Property
    void no_text_is_longer_than_its_limit(@ForAll("texts") String text) {
        Map<String, Object> normal = normalize(text.repeat(20));
        assertTrue(normal.get("title").toString().length() <= 300);
        assertTrue(normal.get("author").toString().length() <= 200);
    }

    @Property
    void an_address_is_one_of_the_web_in_one_form_or_none(@ForAll("texts") String text) {
        String url = Normalizer.url("https://Example.test/" + text);
        assertTrue(url.isEmpty() || WEB_ADDRESS.matcher(url).matches(), url);
        assertEquals(url, url.isEmpty() ? url : Normalizer.url(url));
    }

    private static Map<String, Object> normalize(String text) {
        return Normalizer.normalize(
                Map.of("title", text, "author", text, "content", text, "fields", Map.of("message", text)));
    }
}

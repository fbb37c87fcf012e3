package text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainTextTest {

    @Test
    void block_elements_become_lines_and_scripts_disappear() {
        assertEquals(
                "A heading\nOne paragraph.\nAnother & last.",
                PlainText.of(
                        "<h2>A heading</h2>\n<p>One\nparagraph.</p><script>x()</script><p>Another &amp; last.</p>"));
    }

    @Test
    void text_without_markup_keeps_its_lines_and_its_signs() {
        assertEquals("a < b\nb > c & d", PlainText.of("a < b\r\nb > c & d"));
    }

    @ParameterizedTest
    @CsvSource({
        "'ap\u200Bprove\u202Ethis\u2066!', approvethis!",
        "'soft\u00ADhyphen\uFEFF', softhyphen",
        "'bell\u0007', bell",
        "'Z\u0301\u0302\u0303\u0304\u0305\u0306\u0307a', 'Z\u0301\u0302\u0303\u0304a'",
        "'می\u200Cخواهم', 'می\u200Cخواهم'"
    })
    void what_nobody_sees_is_removed_and_what_persian_spells_with_is_kept(String text, String seen) {
        assertEquals(seen, PlainText.of(text));
    }

    @Test
    void an_event_speaks_by_its_content_or_else_its_excerpt_or_else_its_title() {
        assertEquals("C", PlainText.ofEvent(Map.of("content", "C", "excerpt", "E", "title", "T")));
        assertEquals("E", PlainText.ofEvent(Map.of("content", "<p> </p>", "excerpt", "E", "title", "T")));
        assertEquals("T", PlainText.ofEvent(Map.of("title", "T")));
        assertEquals("", PlainText.ofEvent(Map.of()));
    }

    @Test
    void the_address_of_a_link_is_told_where_it_is_asked_for() {
        String html = "See <a href=\"https://example.test/a\">this</a> and <a href=\"javascript:x()\">that</a>.";
        assertEquals("See this and that.", PlainText.of(html));
        assertEquals("See this (https://example.test/a) and that.", PlainText.withLinks(html));
    }
}

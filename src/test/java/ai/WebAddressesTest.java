package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "See https://Example.com/Path/ now | example.com/path",
                "See (http://www.example.com). | example.com",
                "Go to www.evil-example.ru! | evil-example.ru",
                "Go to evil.example.co.uk/a?b=1#c, please | evil.example.co.uk/a?b=1#c",
                "Write to Bob.Smith@Example.org. | bob.smith@example.org",
                "Click javascript:alert(1) | javascript:alert(1",
                "data:text/html;base64,PHNjcmlwdD4= is one | data:text/html;base64,phnjcmlwdd4=",
                "mailto:a@example.org?subject=x | a@example.org?subject=x",
                "call tel:+4930123456 | tel:+4930123456",
                "ftp://files.example.net/x | ftp://files.example.net/x",
                "ｈｔｔｐｓ：／／example．com/x | example.com/x",
                "пример.рф is one | пример.рф",
                "[link](https://example.com/x) | example.com/x",
                "\"https://example.com/y\" | example.com/y",
                "www.not-a-suffix.zzzz | not-a-suffix.zzzz",
                "evil.It/login is one with a path | evil.it/login",
            })
    void an_address_is_found_in_whatever_form(String text, String address) {
        assertEquals(Set.of(address), WebAddresses.in(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Node.js and Vue.js, e.g. on 3.11.2, i.e. not v1.2-beta.",
                "The bridge is old.It was closed.In June it opens.",
                "It costs 1.50 or 10,5; see §3.2 and Fig.4 of No.5.",
                "a.m. and p.m., U.S. and U.K., z.B. und d.h.",
                "At 10:30, score 3:1, ratio 16:9, note: this. data: none",
                "He said \"...\" and/or went... home",
                "java.util.List, org.apache.camel.Exchange and Math.PI",
                "@someone #topic C# .NET",
                "今天天气很好。我们去公园。",
                "Привет.Как дела"
            })
    void what_only_looks_like_one_is_none(String text) {
        assertEquals(Set.of(), WebAddresses.in(text));
    }

    @Test
    void what_the_source_holds_anywhere_is_not_strange() {
        Map<String, Object> source = Map.of(
                "content",
                "Read https://www.Example.com/a/b/ or write to me@example.org.",
                "fields",
                Map.of("site", List.of("shop.example.net")),
                "post_id",
                7);
        for (String text : List.of(
                "It names http://example.com/a/b",
                "It names example.com.",
                "Mail ME@example.org",
                "A page of shop.example.net/")) {
            assertEquals(Optional.empty(), WebAddresses.strange(text, source), text);
        }
        assertEquals(Optional.of("example.com/a/c"), WebAddresses.strange("https://example.com/a/c", source));
        assertEquals(Optional.of("you@example.org"), WebAddresses.strange("you@example.org", source));
        assertEquals(Optional.of("evil.com"), WebAddresses.strange("example.com and evil.com", source));
        assertEquals(Optional.of("example.com.evil.com"), WebAddresses.strange("example.com.evil.com", source));
    }

    @Test
    void what_was_cut_off_at_the_end_is_the_beginning_of_one_of_the_source() {
        Map<String, Object> source =
                Map.of("content", "See https://my-site.example.com/a-long-path/of-many-words here");
        assertEquals(Optional.empty(), WebAddresses.strange("See https://my-site.example.com/a-long…", source));
        assertEquals(Optional.empty(), WebAddresses.strange("See https://my…", source));
        assertEquals(
                Optional.of("my-site.example.com/a-long"),
                WebAddresses.strange("See https://my-site.example.com/a-long or so", source));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.", "a@", "a-", "www.", "http://", "a.a@", "1.", "/.", "а.", "@a.", "!"})
    void a_text_made_to_be_slow_is_not(String piece) {
        String text = piece.repeat(100_000 / piece.length());
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> WebAddresses.in(text));
        String strange = "http://strange.example " + text + "a";
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> WebAddresses.strange(strange, "nothing"));
    }
}

package pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NegotiationTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8 | true",
                "text/html | true",
                "TEXT/HTML; charset=utf-8 | true",
                "application/json, text/html;q=0.5 | false",
                "application/json;q=0.5, text/html | true",
                "text/html;q=0 | false",
                "text/html;q=often | false",
                "*/* | false",
                "text/* | false",
                "application/json | false",
                "'' | false"
            })
    void a_page_is_for_whoever_names_it(String accept, boolean isForPage) {
        assertEquals(isForPage, Negotiation.isForPage(accept));
    }
}

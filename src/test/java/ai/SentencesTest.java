package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencesTest {

    @Test
    void an_abbreviation_does_not_end_a_sentence() {
        assertEquals(
                List.of("Dr. Jones met Mrs. E. Smith at No. 5 High St. Peter's Lane.", "They talked."),
                Sentences.of("Dr. Jones met Mrs. E. Smith at No. 5 High St. Peter's Lane. They talked.", "en"));
    }

    @Test
    void a_line_ends_a_sentence_even_without_a_full_stop() {
        assertEquals(List.of("Ingredients", "Two eggs."), Sentences.of("Ingredients\n\nTwo eggs.", "en"));
    }

    @Test
    void chinese_and_arabic_sentences_are_told_apart() {
        assertEquals(2, Sentences.of("今天天气很好。我们去公园。", "zh").size());
        assertEquals(2, Sentences.of("هل المتحف مفتوح؟ نعم، كل يوم.", "ar").size());
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 30, 40})
    void what_is_shortened_ends_with_a_word_and_within_the_limit(int limit) {
        String text = "The old bridge across the river was closed yesterday.";
        String shortened = Sentences.shorten(text, limit);
        assertTrue(shortened.length() <= limit, shortened);
        assertTrue(shortened.endsWith("…"), shortened);
        String kept = shortened.substring(0, shortened.length() - 1);
        assertTrue(text.startsWith(kept + " "), shortened);
    }

    @Test
    void a_beginning_ends_with_a_sentence_or_a_line() {
        String text = "The bridge is old. Dr. Jones saw it on Monday. It was closed yesterday, for good.";
        assertEquals("The bridge is old. Dr. Jones saw it on Monday. …", Sentences.beginning(text, 60));
        assertEquals("The bridge is old. …", Sentences.beginning(text, 24), "and not at Dr.");
        assertEquals(text, Sentences.beginning(text, text.length()));
        assertEquals("Ingredients: two eggs …", Sentences.beginning("Ingredients: two eggs\nA cup of flour", 30));
        assertEquals("今天天气很好。 …", Sentences.beginning("今天天气很好。我们去公园。", 12));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 37, 50, 77, 100})
    void a_beginning_is_within_the_limit_also_without_a_sentence(int limit) {
        for (String piece : List.of("word ", "x", "Ah. ", "。", "😀", "Dr. ", "\n")) {
            String text = piece.repeat(200);
            String beginning = Sentences.beginning(text, limit);
            assertTrue(beginning.length() <= limit, beginning);
            assertTrue(beginning.endsWith("…"), beginning);
            assertTrue(beginning.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF), beginning);
        }
    }

    @Test
    void one_endless_word_is_cut_between_characters() {
        String shortened = Sentences.shorten("😀".repeat(50), 20);
        assertTrue(shortened.length() <= 20);
        assertTrue(shortened.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF), "no half of a surrogate pair");
    }

    @Test
    void a_long_heading_ends_with_a_clause_where_it_can() {
        assertEquals(
                "How to repair an old wooden boat",
                Sentences.heading("How to repair an old wooden boat: a guide for people with very little time", 60));
    }

    @Test
    void a_text_within_the_limit_stays_as_it_is() {
        assertEquals("Short.", Sentences.shorten("Short.", 6));
        assertEquals("Short.", Sentences.heading("Short.", 6));
    }
}

package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.PermanentFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerValidatorTest {

    private static final Map<String, Object> POST = Map.of(
            "summary", "A bridge is rebuilt.",
            "seo_title", "The bridge",
            "seo_description", "Why the bridge is rebuilt.",
            "keywords", List.of("bridge", "council"),
            "language", "en");

    private final AnswerValidator validator = new AnswerValidator(new TaskCatalog());

    @Test
    void a_good_answer_passes_as_a_map_and_as_json() {
        assertEquals(POST, validate("enrich_post", POST));
        assertEquals(
                Map.of("verdict", "hold", "confidence", 0.5, "reason", "Unsure."),
                validate("moderate_comment", "{\"verdict\":\"hold\",\"confidence\":0.5,\"reason\":\"Unsure.\"}"));
    }

    @Test
    void too_long_texts_are_cut_at_a_word_and_too_many_keywords_left_out() {
        Map<String, Object> answer = validate(
                "enrich_post",
                with(Map.of(
                        "summary", "word ".repeat(300),
                        "seo_title", "title ".repeat(30),
                        "seo_description", "description ".repeat(30),
                        "keywords",
                                IntStream.range(0, 15)
                                        .mapToObj(i -> "keyword" + i)
                                        .toList())));
        assertTrue(answer.get("summary").toString().matches("(word )+word…"));
        assertTrue(answer.get("summary").toString().length() <= 500);
        assertTrue(answer.get("seo_title").toString().length() <= 60);
        assertTrue(answer.get("seo_description").toString().length() <= 155);
        assertEquals(10, ((List<?>) answer.get("keywords")).size());
    }

    @ParameterizedTest
    @CsvSource({
        "'<b>Bold</b> <script>alert(1)</script>claim', Bold claim",
        "'&lt;img src=x onerror=alert(1)&gt;Safe', Safe",
        "'One\nTwo\u0000\u202Ethree\u200B', 'One Twothree'",
        "'5 < 6 & 7 > 2', '5 < 6 & 7 > 2'"
    })
    void markup_and_what_nobody_sees_is_removed(String written, String kept) {
        assertEquals(
                kept, validate("enrich_post", with(Map.of("summary", written))).get("summary"));
    }

    @Test
    void fields_that_nobody_asked_for_and_blank_keywords_are_left_out() {
        Map<String, Object> answer =
                validate("enrich_post", with(Map.of("note", "hello", "keywords", List.of(" ", "<br>", "bridge"))));
        assertFalse(answer.containsKey("note"));
        assertEquals(List.of("bridge"), answer.get("keywords"));
    }

    @ParameterizedTest
    @CsvSource({
        "verdict, maybe",
        "verdict, <b>spam</b>s",
        "confidence, high",
        "reason, ",
    })
    void a_wrong_value_is_refused_and_its_field_named(String field, String value) {
        Map<String, Object> answer = new HashMap<>(Map.of("verdict", "spam", "confidence", 0.9, "reason", "Links."));
        answer.put(field, value);
        UnusableAnswer e = assertThrows(UnusableAnswer.class, () -> validate("moderate_comment", answer));
        assertTrue(e.getMessage().contains(field), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, 90})
    void a_confidence_out_of_range_is_refused(double confidence) {
        Map<String, Object> answer = Map.of("verdict", "spam", "confidence", confidence, "reason", "Links.");
        assertThrows(UnusableAnswer.class, () -> validate("moderate_comment", answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"verdict", "confidence", "reason"})
    void a_missing_field_is_refused_and_named(String field) {
        Map<String, Object> answer = new HashMap<>(Map.of("verdict", "spam", "confidence", 0.9, "reason", "Links."));
        answer.remove(field);
        UnusableAnswer e = assertThrows(UnusableAnswer.class, () -> validate("moderate_comment", answer));
        assertTrue(e.getMessage().contains(field), e.getMessage());
    }

    @Test
    void a_language_that_is_none_is_refused() {
        assertThrows(UnusableAnswer.class, () -> validate("enrich_post", with(Map.of("language", "English!"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"spam\"", "I think it is spam.", "{\"verdict\":", "{} {}", "{}x"})
    void what_is_no_json_object_is_refused(String answer) {
        assertThrows(UnusableAnswer.class, () -> validate("moderate_comment", answer));
    }

    @Test
    void markup_hidden_in_layers_is_refused() {
        String hidden = "&amp;amp;amp;amp;amp;lt;b&amp;amp;amp;amp;amp;gt;";
        assertThrows(UnusableAnswer.class, () -> validate("enrich_post", with(Map.of("summary", hidden))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../application", "Enrich", "a/b", ""})
    void only_the_name_of_a_task_opens_a_file(String task) {
        assertThrows(PermanentFailure.class, () -> validate(task, POST));
    }

    private Map<String, Object> validate(String task, Object answer) {
        return validator.validate(task, Map.of(), answer);
    }

    private static Map<String, Object> with(Map<String, Object> changes) {
        Map<String, Object> answer = new HashMap<>(POST);
        answer.putAll(changes);
        return answer;
    }
}

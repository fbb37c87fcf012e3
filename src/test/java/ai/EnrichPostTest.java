package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EnrichPostTest {

    private static final String BRIDGE = """
            The town council has decided to rebuild the old stone bridge across the Wey, which was damaged by the flood in March.
            Engineers found in April that two of the five arches can no longer carry lorries.
            The work begins in September and takes eleven months, according to the council's engineer, Dr. Hannah Moor.
            Until then buses and lorries drive round by the mill, which takes twelve minutes longer.
            "Nobody likes the detour," said a baker from the market square.
            The bridge was built in 1764 and is the oldest in the county.
            Its stones come from a quarry that closed a hundred years ago, so the council bought stones from a demolished barn.
            The rebuilding of the bridge costs 1.4 million pounds, of which the county pays half.
            Cyclists and walkers can cross the bridge during the work on a footway made of timber.
            The council also wants new lamps on the bridge, but the money for them has not been found yet.
            """;

    private static final AnswerValidator VALIDATOR = new AnswerValidator(new TaskCatalog());

    private final LocalAi ai = new LocalAi();

    static Stream<Arguments> awkward() {
        return Stream.of(
                Arguments.of("nothing", Map.of()),
                Arguments.of("empty", Map.of("title", "", "content", "")),
                Arguments.of("not text", Map.of("title", 5, "content", List.of(1, 2), "language", Map.of())),
                Arguments.of("one word", Map.of("title", "Hello", "content", "Hello")),
                Arguments.of("all markup", Map.of("title", "Gallery", "content", "<div><img src=x><hr></div>")),
                Arguments.of("only a script", Map.of("content", "<script>alert('no')</script>")),
                Arguments.of("emoji", Map.of("title", "🎉", "content", "🎉🎉🎉 👨‍👩‍👧 🎉")),
                Arguments.of("punctuation", Map.of("content", "... !!! ???")),
                Arguments.of(
                        "Arabic",
                        Map.of("title", "الجسر", "content", "قرر المجلس إعادة بناء الجسر. يبدأ العمل في سبتمبر.")),
                Arguments.of("Hebrew", Map.of("content", "המועצה החליטה לבנות מחדש את הגשר. העבודה מתחילה בספטמבר.")),
                Arguments.of("Chinese", Map.of("title", "桥", "content", "市议会决定重建旧石桥。工程从九月开始。预计需要十一个月。".repeat(40))),
                Arguments.of("Japanese", Map.of("content", "町議会は古い石橋を再建することにした。工事は九月に始まる。")),
                Arguments.of(
                        "Thai", Map.of("content", "สภาเมืองตัดสินใจสร้างสะพานหินเก่าขึ้นใหม่ งานเริ่มในเดือนกันยายน")),
                Arguments.of(
                        "one endless sentence",
                        Map.of("title", "A".repeat(300), "content", "and the bridge ".repeat(6_000))),
                Arguments.of("one endless word", Map.of("content", "a".repeat(100_000))),
                Arguments.of("very long", Map.of("title", "The bridge", "content", BRIDGE.repeat(70))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("awkward")
    void any_post_is_answered_within_the_limits(String name, Map<String, Object> event) {
        Map<String, Object> answer = ai.answer("enrich_post", event);
        // The validator shortens what is too long, so an unchanged answer was within the limits and clean.
        assertEquals(answer, VALIDATOR.validate("enrich_post", event, answer));
    }

    @Test
    void every_sentence_of_the_summary_stands_in_the_post() {
        Map<String, Object> answer = ai.answer("enrich_post", Map.of("title", "The old bridge", "content", BRIDGE));
        List<String> source = Sentences.of(BRIDGE.strip(), "en");
        List<String> summary = Sentences.of(answer.get("summary").toString(), "en");
        assertTrue(source.containsAll(summary), summary.toString());
        assertTrue(summary.size() >= 3, "it uses the room it has: " + summary);
        assertEquals(source.stream().filter(summary::contains).toList(), summary, "in the order of the post");
    }

    @Test
    void keywords_are_words_of_the_post_and_differ() {
        Map<String, Object> answer = ai.answer("enrich_post", Map.of("title", "The old bridge", "content", BRIDGE));
        List<?> keywords = (List<?>) answer.get("keywords");
        String source = ("The old bridge " + BRIDGE).toLowerCase(Locale.ROOT);
        assertTrue(keywords.stream()
                .allMatch(word -> source.contains(word.toString().toLowerCase(Locale.ROOT))));
        assertEquals(keywords.size(), keywords.stream().distinct().count());
        assertTrue(keywords.stream()
                .anyMatch(word -> word.toString().toLowerCase(Locale.ROOT).contains("bridge")));
    }

    @Test
    void the_title_is_kept_when_it_fits_and_found_in_the_text_when_there_is_none() {
        assertEquals("The old bridge", enriched(Map.of("title", "The old bridge", "content", BRIDGE), "seo_title"));
        String found = enriched(Map.of("content", BRIDGE), "seo_title");
        assertFalse(found.isBlank());
        assertTrue(BRIDGE.contains(found), found);
    }

    @Test
    void markup_changes_nothing() {
        String html = BRIDGE.lines().map(line -> "<p><b>" + line + "</b></p>").collect(Collectors.joining("\n"));
        assertEquals(
                ai.answer("enrich_post", Map.of("title", "The old bridge", "content", BRIDGE)),
                ai.answer("enrich_post", Map.of("title", "The <i>old</i> bridge", "content", html)));
    }

    @Test
    void the_language_given_is_kept_and_otherwise_told_from_the_text() {
        assertEquals("pt-BR", enriched(Map.of("content", BRIDGE, "language", "pt-BR"), "language"));
        assertEquals("de_DE", enriched(Map.of("content", BRIDGE, "language", "de_DE"), "language"));
        assertEquals("en", enriched(Map.of("content", BRIDGE, "language", "no such <tag>"), "language"));
        assertEquals("en", enriched(Map.of("content", BRIDGE), "language"));
    }

    @Test
    void the_same_post_gets_the_same_answer_on_every_thread() {
        Map<String, Object> event = new HashMap<>(Map.of("title", "The old bridge", "content", BRIDGE));
        long answers = IntStream.range(0, 8)
                .parallel()
                .mapToObj(i -> new LocalAi().answer("enrich_post", event))
                .distinct()
                .count();
        assertEquals(1, answers);
    }

    private String enriched(Map<String, Object> event, String field) {
        return ai.answer("enrich_post", event).get(field).toString();
    }
}

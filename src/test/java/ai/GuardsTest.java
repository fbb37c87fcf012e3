package ai;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ingress.Normalizer;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What strangers write to steer a model ({@code guards/injections.jsonl}), and what a model that was steered might answer
 * ({@code guards/answers.jsonl}).
 */
class GuardsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AnswerValidator VALIDATOR = new AnswerValidator(new TaskCatalog());
    private static final LocalAi LOCAL = new LocalAi();
    private static final String SPAM =
            "Cheap replica watches and free casino spins at http://best-deals.example, order now!";
    /** What the local AI does not approve by itself. */
    private static final List<String> NOT_APPROVED = List.of(
            "http://best-deals.example", "visit my page", "Subscribe to my channel please", "earn money from home");

    /** @param event {@code comment}, {@code post} or {@code lead}; @param spam whether it advertises as well */
    record Injection(String event, String trick, String language, boolean spam, String text) {
        String task() {
            return Map.of("comment", "moderate_comment", "post", "enrich_post", "lead", "qualify_lead")
                    .get(event);
        }

        Map<String, Object> asEvent() {
            return Normalizer.normalize(
                    switch (event) {
                        case "post" -> Map.of("title", "News", "content", text);
                        case "lead" -> Map.of("form", "Contact", "fields", Map.of("message", text));
                        default -> Map.of("content", text);
                    });
        }

        @Override
        public String toString() {
            return trick + " (" + language + "): "
                    + text.codePoints()
                            .limit(40)
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        }
    }

    /** @param expect {@code refused}, or what the summary is, or how it is cut */
    record Answer(String trick, String expect, Map<String, Object> fields) {
        @Override
        public String toString() {
            return trick;
        }
    }

    static Stream<Injection> injections() throws IOException {
        return lines("injections.jsonl", Injection.class);
    }

    static Stream<Injection> comments() throws IOException {
        return injections().filter(injection -> injection.event.equals("comment"));
    }

    static Stream<Answer> answers() throws IOException {
        return lines("answers.jsonl", Answer.class);
    }

    private static <T> Stream<T> lines(String file, Class<T> type) throws IOException {
        return JSON.readerFor(type).<T>readValues(GuardsTest.class.getResource("/guards/" + file)).readAll().stream();
    }

    @Test
    void the_corpus_is_as_large_as_is_said() throws IOException {
        assertTrue(injections().count() >= 100);
        assertTrue(injections().map(Injection::language).distinct().count() >= 10);
    }

    @ParameterizedTest
    @MethodSource("injections")
    void the_model_gets_it_as_data_and_nothing_else_changes(Injection injection) throws IOException {
        JsonNode harmless = request(injection.task(), Map.of("content", "Thanks!", "form", "Contact"));
        JsonNode hostile = request(injection.task(), injection.asEvent());
        assertEquals(2, hostile.get("messages").size());
        assertEquals(harmless.at("/messages/0"), hostile.at("/messages/0"));
        assertEquals("user", hostile.at("/messages/1/role").asText());
        assertEquals(harmless.get("response_format"), hostile.get("response_format"));
        JsonNode data = JSON.readTree(hostile.at("/messages/1/content").asText());
        List<String> fields = new TaskCatalog().of(injection.task()).fields();
        data.fieldNames().forEachRemaining(field -> assertTrue(fields.contains(field), field));
        String text = data.findValuesAsText(injection.event.equals("lead") ? "message" : "content").stream()
                .findFirst()
                .orElse("");
        assertFalse(text.matches("(?s).*[\\p{Cf}\\p{Cc}&&[^\\n\\u200C\\u200D]].*"), "nothing that nobody sees");
        assertFalse(text.matches("(?s).*<[a-zA-Z/!].*"), "no markup");
    }

    @ParameterizedTest
    @MethodSource("comments")
    void the_local_ai_approves_none_that_advertises(Injection injection) {
        if (injection.spam) {
            assertNotEquals("approve", verdict(injection.asEvent()));
        }
        assertNotEquals("approve", verdict(Map.of("content", injection.text + "\n" + SPAM)));
        assertNotEquals("approve", verdict(Map.of("content", SPAM + "\n" + injection.text)));
    }

    @ParameterizedTest
    @MethodSource("comments")
    void the_local_ai_approves_nothing_because_it_is_told_to(Injection injection) {
        for (String text : NOT_APPROVED) {
            assertNotEquals("approve", verdict(Map.of("content", text + "\n" + injection.text)), text);
        }
    }

    /** The figures are those of docs/ai.md. */
    @Test
    void of_those_that_do_not_advertise_the_local_ai_approves_few_as_they_read_to_a_person() throws IOException {
        for (String text : NOT_APPROVED) {
            assertNotEquals("approve", verdict(Map.of("content", text)), "by itself");
        }
        List<Injection> approved = comments()
                .filter(injection -> verdict(injection.asEvent()).equals("approve"))
                .toList();
        assertTrue(
                approved.stream().allMatch(injection -> injection.trick.matches("hidden markup|invisible characters")),
                () -> approved.size() + " " + approved);
    }

    /** The figures are those of docs/ai.md. */
    @Test
    void no_other_comment_is_judged_in_the_company_of_one_that_talks_to_the_judge() throws IOException {
        TaskFiles task = new TaskCatalog().of("moderate_comment");
        List<Injection> shared = comments()
                .filter(injection -> !SharedChat.talksToTheJudge(
                        Question.about(task, injection.asEvent()).data()))
                .toList();
        List<Injection> plain = shared.stream()
                .filter(injection -> !injection.trick.matches("hidden markup|invisible characters"))
                .toList();
        assertTrue(shared.size() <= 8 && plain.size() <= 1, () -> shared.size() + " " + shared);
    }

    @ParameterizedTest
    @MethodSource("injections")
    void what_the_local_ai_says_of_it_passes_the_check_of_answers(Injection injection) {
        Map<String, Object> event = injection.asEvent();
        VALIDATOR.validate(injection.task(), event, LOCAL.answer(injection.task(), event));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void whatever_a_model_answers_is_cleaned_or_refused(Answer answer) throws IOException {
        Map<String, Object> event = Map.of(
                "title", "The bridge", "content", "The council (https://council.example/bridge) opens the bridge.");
        Map<String, Object> said = new HashMap<>(Map.of(
                "summary", "The bridge opens.",
                "seo_title", "The bridge",
                "seo_description", "It opens.",
                "keywords", List.of("bridge"),
                "language", "en"));
        said.putAll(answer.fields);
        if (answer.expect.equals("refused")) {
            WrongAnswer wrong = assertThrows(WrongAnswer.class, () -> VALIDATOR.validate("enrich_post", event, said));
            assertTrue(wrong.isMendable());
            assertFalse(wrong.remedy().toLowerCase().contains("evil"), wrong.remedy());
            return;
        }
        Map<String, Object> clean = VALIDATOR.validate("enrich_post", event, JSON.writeValueAsString(said));
        assertEquals(Set.of("summary", "seo_title", "seo_description", "keywords", "language"), clean.keySet());
        String summary = clean.get("summary").toString();
        assertAll(
                () -> assertTrue(summary.length() <= 500),
                () -> assertTrue(((List<?>) clean.get("keywords")).size() <= 10),
                () -> assertEquals(answer.expect.matches("(shorter|at most).*") ? summary : answer.expect, summary));
    }

    private static String verdict(Map<String, Object> event) {
        return LOCAL.answer("moderate_comment", Normalizer.normalize(event))
                .get("verdict")
                .toString();
    }

    private static JsonNode request(String task, Map<String, Object> event) throws IOException {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setHeader("RelayAiTask", task);
        exchange.getMessage().setHeader("RelayAiModel", "m-1");
        exchange.getMessage().setBody(event);
        new ChatCompletions(new TaskCatalog(), new ChatFormats(Clock.systemUTC())).request(exchange);
        return JSON.readTree(exchange.getMessage().getBody(String.class));
    }
}

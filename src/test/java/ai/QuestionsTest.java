package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.HeldBack;
import events.MovableClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** When a question is the same. */
class QuestionsTest {
    private static final Questions.Asked ASKED = new Questions.Asked("openai", "m-1", "https://ai.example/v1");
    private static final Map<String, Object> COMMENT = Map.of("content", "Buy pills", "comment_id", 1);
    private final MovableClock clock = new MovableClock();
    private boolean isReplaced;

    /** Instructions that somebody has changed. */
    private static final class OtherPrompt extends ChatCompletions {
        OtherPrompt() {
            super(new TaskCatalog(), new ChatFormats(new MovableClock()));
        }

        @Override
        String question(String task, String model, Map<String, Object> event) {
            return super.question(task, model, event).replace("You help", "You are paid to help");
        }
    }

    private static ChatCompletions requests() {
        return new ChatCompletions(new TaskCatalog(), new ChatFormats(new MovableClock()));
    }

    private Questions questions(ChatCompletions requests, Questions.Asked asked) {
        return new Questions(
                new WithheldFields(event -> Map.of()), requests, asked, route -> isReplaced, Duration.ofDays(1), clock);
    }

    private static Exchange exchange(String site, String task, Object body) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.getMessage().setHeader("RelaySite", site);
        exchange.getMessage().setHeader("RelayAiTask", task);
        exchange.getMessage().setBody(body);
        return exchange;
    }

    private String of(Questions.Asked asked, String site, String task, Map<String, Object> body) {
        return questions(requests(), asked).of(exchange(site, task, body)).orElseThrow();
    }

    private String of(Map<String, Object> body) {
        return of(ASKED, "site", "moderate_comment", body);
    }

    @Test
    void it_is_the_same_when_the_model_would_see_the_same() {
        assertEquals(of(COMMENT), of(Map.of("content", "Buy pills", "comment_id", 2, "url", "https://a.example")));
        assertEquals(
                of(Map.of("content", "Buy pills", "author_name", "Ada")),
                of(Map.of("content", "Buy pills", "author_name", "Bob")),
                "who wrote it is withheld");
        assertNotEquals(of(COMMENT), of(Map.of("content", "Buy more pills")));
    }

    @Test
    void it_is_another_at_another_site_for_another_task_model_or_server() {
        String question = of(COMMENT);
        assertNotEquals(question, of(ASKED, "another", "moderate_comment", COMMENT));
        assertNotEquals(question, of(ASKED, "site", "enrich_post", COMMENT));
        for (Questions.Asked other : new Questions.Asked[] {
            new Questions.Asked("openai", "m-2", ASKED.address()),
            new Questions.Asked("openai", "m-1", "https://other.example/v1")
        }) {
            assertNotEquals(question, of(other, "site", "moderate_comment", COMMENT));
        }
    }

    @Test
    void it_is_another_when_the_prompt_was_changed() {
        Exchange exchange = exchange("site", "moderate_comment", COMMENT);
        Optional<String> changed = questions(new OtherPrompt(), ASKED).of(exchange);
        assertNotEquals(of(COMMENT), changed.orElseThrow());
        assertEquals(COMMENT, exchange.getMessage().getBody(), "and the event stays as it is");
    }

    @Test
    void what_a_route_of_the_users_asks_is_none_since_nobody_knows_what_its_model_sees() {
        Exchange comment = exchange("site", "moderate_comment", COMMENT);
        Questions.Asked own = new Questions.Asked("claude", "m-1", ASKED.address());
        assertEquals(Optional.empty(), questions(requests(), own).of(comment));
        isReplaced = true;
        assertEquals(Optional.empty(), questions(requests(), ASKED).of(comment));
    }

    @Test
    void what_the_local_ai_is_asked_and_what_is_no_event_is_none() {
        Questions.Asked local = new Questions.Asked("local", "", "");
        Exchange comment = exchange("site", "moderate_comment", COMMENT);
        assertEquals(Optional.empty(), questions(requests(), local).of(comment));
        assertEquals(Optional.empty(), questions(requests(), ASKED).of(exchange("site", "moderate_comment", "text")));
    }

    @Test
    void one_that_is_under_way_is_waited_for() {
        Questions questions = questions(requests(), ASKED);
        questions.enter("a");
        questions.enter("b");
        clock.advance(Duration.ofSeconds(10));
        HeldBack waits = assertThrows(HeldBack.class, () -> questions.enter("a"));
        assertTrue(waits.until().isAfter(clock.instant()));
        questions.leave("a");
        questions.enter("a");
    }
}

package ai;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import events.PermanentFailure;
import java.net.ConnectException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who answers when the one before does not. */
class FallbackTest extends AskRoutesSupport {

    private static final Instant TOMORROW = Instant.parse("2026-01-02T00:00:00Z");
    private static final Map<String, Object> POST = Map.of("title", "The bridge", "content", "It opens in May.");

    private List<String> chain = List.of("openai", "local", "hold");

    @Override
    List<String> providers() {
        return chain;
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of("its key is refused", aResponse().withStatus(401)),
                Arguments.of("it has no such model", aResponse().withStatus(404)),
                Arguments.of("it is ill", aResponse().withStatus(500)),
                Arguments.of("it has no time", aResponse().withStatus(429)),
                Arguments.of(
                        "it has no time for an hour",
                        aResponse().withStatus(429).withHeader("Retry-After", "3600")),
                Arguments.of("it hangs up", aResponse().withFault(Fault.EMPTY_RESPONSE)),
                Arguments.of("it breaks off", completion(VERDICT, "stop").withFault(Fault.RANDOM_DATA_THEN_CLOSE)),
                Arguments.of("its answer is too long", aResponse().withBody(" ".repeat(5_000_000))),
                Arguments.of("it takes too long", completion(VERDICT, "stop").withFixedDelay(5_000)),
                Arguments.of("it talks rubbish", aResponse().withBody("<html>")),
                Arguments.of("it refuses", message("{\"refusal\":\"I cannot.\",\"content\":null}", "stop")),
                Arguments.of("it is cut off", completion("{\"verdict\":\"sp", "length")),
                Arguments.of("it answers in prose, twice", completion("It looks like spam.", "stop")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void the_next_one_answers_when(String why, ResponseDefinitionBuilder answer) {
        answers(answer);
        Exchange asked = askAtFirstTry();
        assertNull(asked.getException());
        assertEquals("local", asked.getMessage().getHeader("RelayAiProvider"));
        assertEquals("all-MiniLM-L6-v2", asked.getMessage().getHeader("RelayAiModel"));
        assertNotNull(asked.getMessage().getBody(Map.class).get("verdict"));
        if (why.contains("twice")) {
            assertEquals(240, usage(asked).tokensIn(), "paid for all the same");
        }
    }

    @Test
    void one_that_keeps_failing_is_not_asked_before_the_next_one_is() {
        answers(aResponse().withStatus(503));
        for (int i = 0; i < 7; i++) {
            assertEquals("local", ask().getMessage().getHeader("RelayAiProvider"));
        }
        SERVER.verify(5, postRequestedFor(urlEqualTo(PATH)));
    }

    @Test
    void a_server_that_asks_for_a_moment_is_waited_for_while_a_try_is_left() {
        answers(aResponse().withStatus(429).withHeader("Retry-After", "7"));
        assertEquals(
                429,
                assertInstanceOf(
                                HttpOperationFailedException.class,
                                askAtFirstTry().getException())
                        .getStatusCode());
        assertEquals("local", ask(1).getMessage().getHeader("RelayAiProvider"));
    }

    @Test
    void whose_budget_is_spent_is_not_waited_for() throws Exception {
        start(List.of("dear", "local"), Map.of("dear", new BudgetSpent("no money", TOMORROW, false)));
        assertEquals("local", askAtFirstTry().getMessage().getHeader("RelayAiProvider"));
    }

    @Test
    void when_nobody_answers_the_failure_that_may_pass_is_the_events() throws Exception {
        Exception mayPass = new ConnectException("refused");
        start(
                List.of("gone", "ill", "odd"),
                Map.of("gone", new PermanentFailure("no"), "ill", mayPass, "odd", new PermanentFailure("odd")));
        assertSame(mayPass, ask().getException());
    }

    @Test
    void when_nobody_has_an_answer_for_good_the_first_one_says_why() throws Exception {
        Exception first = new PermanentFailure("first");
        start(List.of("gone", "odd"), Map.of("gone", first, "odd", new PermanentFailure("odd")));
        assertSame(first, ask().getException());
    }

    @Test
    void a_comment_that_nobody_could_judge_is_held() throws Exception {
        start(List.of("openai", "hold"), Map.of());
        answers(aResponse().withStatus(401));
        Exchange asked = askAtFirstTry();
        assertNull(asked.getException());
        assertEquals("hold", asked.getMessage().getHeader("RelayAiProvider"));
        Map<?, ?> verdict = asked.getMessage().getBody(Map.class);
        assertEquals("hold", verdict.get("verdict"));
        assertEquals(0, ((Number) verdict.get("confidence")).intValue());
        assertTrue(verdict.get("reason").toString().contains("No AI could be asked"), verdict.toString());
    }

    @Test
    void a_post_that_nobody_could_be_asked_about_waits() throws Exception {
        start(List.of("openai", "hold"), Map.of());
        answers(aResponse().withStatus(401));
        NotAsked waits = assertInstanceOf(NotAsked.class, askAboutPost().getException());
        assertTrue(waits.getMessage().contains("answered 401"), waits.getMessage());
        answers(message("{\"refusal\":\"I cannot.\",\"content\":null}", "stop"));
        assertInstanceOf(WrongAnswer.class, askAboutPost().getException(), "that would cost the same again");
    }

    @Test
    void a_post_whose_budget_is_spent_waits_for_the_next_one() throws Exception {
        BudgetSpent spent = new BudgetSpent("no money", TOMORROW, false);
        start(List.of("dear", "hold"), Map.of("dear", spent));
        assertSame(spent, askAboutPost().getException());
    }

    /** The same routes with another chain, of providers that fail. */
    private void start(List<String> providers, Map<String, Exception> failing) throws Exception {
        chain = providers;
        bindToRegistry(context.getRegistry());
        for (String route : List.of("ask-next-provider", "ask-provider", "ask-ai", "ask-hold")) {
            context.getRouteController().stopRoute(route);
            context.removeRoute(route);
        }
        loadRoutes("ask-next-provider", "ask-provider", "ask-ai", "ask-hold");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                failing.forEach((name, failure) -> from("direct:ask-" + name).throwException(failure));
            }
        });
    }

    private Exchange askAboutPost() {
        return template.request("direct:ask-ai", exchange -> {
            comment(exchange);
            exchange.getMessage().setBody(POST);
            exchange.getMessage().setHeader("RelayAiTask", "enrich_post");
        });
    }

    private Exchange askAtFirstTry() {
        return ask(0);
    }

    /** @param retries how many the event has used, of one */
    private Exchange ask(int retries) {
        return template.request("direct:ask-ai", exchange -> {
            comment(exchange);
            claimed(exchange, retries);
        });
    }
}

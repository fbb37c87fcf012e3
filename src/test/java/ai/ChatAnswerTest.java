package ai;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import events.FailureReason;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers answer all kinds of things with status 200. */
class ChatAnswerTest extends AskRoutesSupport {

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of("not JSON", aResponse().withBody("<html>Bad gateway</html>")),
                Arguments.of("not JSON", aResponse().withBody("")),
                Arguments.of("not JSON", aResponse().withBody("{\"choices\":[{\"mess")),
                Arguments.of("no choices", aResponse().withBody("{}")),
                Arguments.of("no choices", aResponse().withBody("{\"choices\":[]}")),
                Arguments.of("200 with an error: quota", aResponse().withBody("{\"error\":{\"code\":\"quota\"}}")),
                Arguments.of("refused: I cannot", message("{\"refusal\":\"I cannot.\",\"content\":null}", "stop")),
                Arguments.of("cut off", completion("{\"verdict\":\"sp", "length")),
                Arguments.of("content filter", completion("", "content_filter")),
                Arguments.of("answered nothing", completion("  ", "stop")),
                Arguments.of("answered nothing", message("{\"content\":null,\"refusal\":null}", "stop")),
                Arguments.of("in prose: It looks", completion("It looks like spam.", "stop")),
                Arguments.of("JSON in prose", completion("Sure! " + VERDICT + " Anything else?", "stop")),
                Arguments.of("broken JSON", completion("{\"verdict\":\"spam\",", "stop")),
                Arguments.of("does not fit", completion("{\"verdict\":\"maybe\"}", "stop")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unusable")
    void an_answer_of_no_use_says_what_is_wrong_with_it(String problem, ResponseDefinitionBuilder answer) {
        answers(answer);
        UnusableAnswer e = assertInstanceOf(UnusableAnswer.class, ask().getException());
        assertTrue(e.getMessage().contains(problem), e.getMessage());
    }

    @Test
    void a_fenced_block_is_unwrapped() {
        answers(completion("```json\n" + VERDICT + "\n```", "stop"));
        assertEquals("spam", ask().getMessage().getBody(Map.class).get("verdict"));
    }

    @Test
    void a_fenced_block_of_blanks_takes_no_time() {
        answers(completion("```" + "\n".repeat(1_000_000) + "x", "stop"));
        assertTimeoutPreemptively(Duration.ofSeconds(20), this::ask);
    }

    @Test
    void what_the_model_said_is_for_the_operator_and_not_for_the_log() {
        answers(completion("It looks like spam of Ada Lovelace.", "stop"));
        Exception failure = ask().getException();
        assertTrue(FailureReason.of(failure).contains("Ada Lovelace"), FailureReason.of(failure));
        assertEquals("The model answered in prose (WrongAnswer)", FailureReason.inShort(failure));
    }
}

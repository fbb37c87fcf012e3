package ai;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that do not know every {@code response_format}, and models that do not keep to it. */
class ChatFormatsTest extends AskRoutesSupport {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400 | {'error':{'message':\"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.\",'code':null}}",
                "400 | {'error':{'message':'This model does not support response format `json_schema`.','code':'invalid_request_error'}}",
                "400 | {'error':'The response_format parameter is unsupported at the moment. Leave it unset.'}",
                "422 | {'detail':[{'loc':['body','response_format','type'],'msg':'Input should be text or json_object'}]}",
                "400 | {'object':'error','message':'structured outputs are not available'}",
                "422 | json_schema: unknown variant"
            })
    void a_server_that_does_not_know_schemas_is_asked_for_an_object_and_told_the_schema(int status, String refusal) {
        refuses("json_schema", status, refusal.replace('\'', '"'));
        assertNull(ask().getException());
        JsonNode second = requests().get(1);
        assertEquals("json_object", second.at("/response_format/type").asText());
        assertTrue(second.at("/messages/0/content").asText().contains("\"maxLength\":200"), "the schema");
        assertNull(ask().getException());
        assertEquals(3, requests().size(), "it is remembered");
    }

    @Test
    void a_server_that_knows_no_format_is_asked_for_text_and_tried_again_after_an_hour() {
        refuses("json_schema", 400, "response_format");
        refuses("json_object", 400, "'response_format.type' must be 'text'");
        assertNull(ask().getException());
        assertNull(ask().getException());
        assertEquals(
                List.of("json_schema", "json_object", "", ""),
                requests().stream()
                        .map(request -> request.at("/response_format/type").asText())
                        .toList());
        clock.advance(Duration.ofHours(1));
        assertNull(ask().getException());
        assertEquals(
                "json_schema", requests().get(4).at("/response_format/type").asText());
    }

    @Test
    void another_bad_request_is_not_about_the_format() {
        answers(aResponse().withStatus(400).withBody("{\"error\":{\"code\":\"context_length_exceeded\"}}"));
        assertInstanceOf(HttpOperationFailedException.class, ask().getException());
        assertEquals(1, requests().size());
    }

    @Test
    void a_server_that_refuses_text_as_well_is_asked_three_times() {
        answers(aResponse().withStatus(400).withBody("response_format"));
        assertInstanceOf(HttpOperationFailedException.class, ask().getException());
        assertEquals(3, requests().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "It is spam, APPROVE IT.",
                "Sure! {\"verdict\":\"spam\"}",
                "{\"verdict\":\"spam\",",
                "{\"verdict\":\"maybe\",\"confidence\":1,\"reason\":\"x\"}",
                "[]",
                "{\"verdict\":\"spam\",\"confidence\":0.9,\"reason\":\"See http://evil.example\"}"
            })
    void a_model_that_answers_in_the_wrong_form_is_told_so_once(String wrong) {
        firstAnswers(wrong);
        Exchange asked = ask();
        assertNull(asked.getException());
        assertEquals(240, asked.getMessage().getHeader("RelayAiTokensIn"), "both were paid for");
        assertEquals(60, asked.getMessage().getHeader("RelayAiTokensOut"));
        JsonNode first = requests().get(0).get("messages");
        JsonNode second = requests().get(1).get("messages");
        assertEquals(4, second.size());
        assertEquals(first.get(0), second.get(0));
        assertEquals(first.get(1), second.get(1));
        assertEquals("assistant", second.at("/2/role").asText());
        assertEquals(wrong, second.at("/2/content").asText());
        String told = second.at("/3/content").asText();
        assertTrue(told.contains("JSON Schema") && !told.contains("APPROVE IT") && !told.contains("evil"), told);
        assertEquals("m-1", requests().get(1).get("model").asText(), "and not as the server calls it");
    }

    @Test
    void an_answer_that_stays_wrong_is_given_up_after_two() {
        answers(completion("It is spam.", "stop"));
        assertInstanceOf(WrongAnswer.class, ask().getException());
        assertEquals(2, requests().size());
    }

    @Test
    void what_a_model_thinks_aloud_is_no_answer() {
        answers(completion("<think>Is it {spam}?\nIt is.</think>\n" + VERDICT, "stop"));
        assertNull(ask().getException());
        assertEquals(1, requests().size());
    }

    private static void refuses(String format, int status, String answer) {
        if (requests().isEmpty() && SERVER.listAllStubMappings().getMappings().isEmpty()) {
            answers(completion(VERDICT, "stop"));
        }
        SERVER.stubFor(post(urlEqualTo(PATH))
                .withRequestBody(containing("\"" + format + "\""))
                .willReturn(aResponse().withStatus(status).withBody(answer)));
    }

    private static void firstAnswers(String wrong) {
        SERVER.stubFor(post(urlEqualTo(PATH))
                .inScenario("wrong")
                .whenScenarioStateIs("Started")
                .willReturn(completion(wrong, "stop"))
                .willSetStateTo("told"));
        SERVER.stubFor(post(urlEqualTo(PATH))
                .inScenario("wrong")
                .whenScenarioStateIs("told")
                .willReturn(completion(VERDICT, "stop")));
    }

    private static List<JsonNode> requests() {
        return SERVER.findAll(postRequestedFor(urlEqualTo(PATH))).stream()
                .map(LoggedRequest::getBody)
                .map(ChatFormatsTest::json)
                .toList();
    }

    private static JsonNode json(byte[] body) {
        try {
            return new ObjectMapper().readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

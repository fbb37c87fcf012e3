package ai;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.http.Fault;
import java.io.IOException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes out to a provider, what comes back, and what happens when it fails. */
class AskAiTest extends AskRoutesSupport {

    @Test
    void a_good_answer_comes_back_checked_with_its_model_and_tokens() {
        answers(completion(VERDICT, "stop"));
        Exchange asked = ask();
        assertNull(asked.getException());
        assertEquals(
                Map.of("verdict", "spam", "confidence", 0.9, "reason", "It sells pills."),
                asked.getMessage().getBody(Map.class));
        assertEquals("openai", asked.getMessage().getHeader("RelayAiProvider"));
        assertEquals("m-1-2026", asked.getMessage().getHeader("RelayAiModel"));
        assertEquals(120, asked.getMessage().getHeader("RelayAiTokensIn"));
        assertEquals(30, asked.getMessage().getHeader("RelayAiTokensOut"));
    }

    @Test
    void an_event_that_is_tried_again_gets_the_answer_that_was_paid_for() {
        answers(completion(VERDICT, "stop"));
        Exchange first = ask();
        Exchange second = template.request("direct:ask-ai", exchange -> {
            comment(exchange);
            exchange.getMessage().setHeader("RelayId", first.getMessage().getHeader("RelayId"));
        });
        assertEquals(first.getMessage().getBody(Map.class), second.getMessage().getBody(Map.class));
        assertEquals("openai", second.getMessage().getHeader("RelayAiProvider"));
        assertEquals("m-1-2026", second.getMessage().getHeader("RelayAiModel"));
        SERVER.verify(1, postRequestedFor(urlEqualTo(PATH)));
    }

    @Test
    void only_what_the_server_needs_goes_out_and_none_of_its_headers_comes_back() {
        answers(completion(VERDICT, "stop").withHeader("Set-Cookie", "a=b").withHeader("RelaySite", "other"));
        Exchange asked = ask();
        SERVER.verify(postRequestedFor(urlEqualTo(PATH))
                .withHeader("Authorization", equalTo("Bearer " + KEY))
                .withHeader("Content-Type", matching("application/json.*"))
                .withHeader("RelayAiTask", absent())
                .withHeader("RelaySite", absent())
                .withHeader("Cookie", absent())
                .withRequestBody(matchingJsonPath("$.response_format.json_schema.strict", equalTo("true"))));
        assertEquals("site-1", asked.getMessage().getHeader("RelaySite"));
        assertFalse(asked.getMessage().getHeaders().containsKey("Set-Cookie"));
        assertFalse(asked.getMessage().getHeaders().containsKey("Content-Type"));
    }

    @Test
    void the_key_is_in_no_header_no_address_and_no_error() {
        answers(aResponse().withStatus(401).withBody("{\"error\":{\"message\":\"Incorrect API key: " + KEY + "\"}}"));
        Exchange asked = ask();
        assertFalse(asked.getMessage().getHeaders().toString().contains(KEY));
        assertEquals(401, asked.getException(HttpOperationFailedException.class).getStatusCode());
        // What the server says of it is taken out where the reason is written down (ProcessEventTest).
        assertFalse(asked.getException().toString().contains(KEY));
        assertFalse(context.getEndpoints().toString().contains(KEY));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 404, 408, 429, 500, 503})
    void a_failed_call_reaches_the_caller_with_its_status_after_one_request(int status) {
        answers(aResponse().withStatus(status).withHeader("Retry-After", "1").withHeader("Location", "/elsewhere"));
        HttpOperationFailedException e = assertInstanceOf(HttpOperationFailedException.class, ask().getException());
        assertEquals(status, e.getStatusCode());
        assertEquals("1", e.getResponseHeaders().get("Retry-After"));
        SERVER.verify(1, postRequestedFor(urlEqualTo(PATH)));
        assertEquals(1, SERVER.getAllServeEvents().size());
    }

    @Test
    void a_server_that_does_not_answer_in_time_is_left() {
        answers(completion(VERDICT, "stop").withFixedDelay(5_000));
        assertInstanceOf(IOException.class, ask().getException());
    }

    @Test
    void a_broken_connection_reaches_the_caller() {
        answers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        assertInstanceOf(IOException.class, ask().getException());
    }

    @Test
    void a_server_that_keeps_failing_is_not_asked_any_more() {
        answers(aResponse().withStatus(503));
        for (int i = 0; i < 5; i++) {
            assertInstanceOf(HttpOperationFailedException.class, ask().getException());
        }
        NotAsked refused = assertInstanceOf(NotAsked.class, ask().getException());
        assertTrue(refused.getMessage().contains("answered 503"), refused.getMessage());
        SERVER.verify(5, postRequestedFor(urlEqualTo(PATH)));
    }

    @Test
    void requests_refused_and_answers_of_no_use_do_not_stop_the_others() {
        answers(aResponse().withStatus(400));
        for (int i = 0; i < 6; i++) {
            ask();
        }
        answers(completion("{}", "stop"));
        for (int i = 0; i < 6; i++) {
            ask();
        }
        answers(completion(VERDICT, "stop"));
        assertNull(ask().getException());
    }

    @Test
    void the_local_provider_answers_by_the_same_route_without_a_request() {
        Exchange asked = template.request("direct:ask-local", this::comment);
        assertNull(asked.getException());
        assertNotNull(asked.getMessage().getBody(Map.class).get("verdict"));
        assertEquals("all-MiniLM-L6-v2", asked.getMessage().getHeader("RelayAiModel"));
        assertEquals(0, SERVER.getAllServeEvents().size());
    }
}

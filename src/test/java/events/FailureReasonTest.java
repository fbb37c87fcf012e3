package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureReasonTest {
    @Test
    void the_first_line_at_the_bottom_of_a_failure_is_shown() {
        Throwable bottom = new ConnectException("Connection refused\n\tat somewhere");
        assertEquals(
                "Connection refused",
                FailureReason.rootLine(new IllegalStateException("INSERT INTO …", new IOException("wrapped", bottom))));
        assertEquals("ConnectException", FailureReason.rootLine(new IOException("wrapped", new ConnectException())));
        assertEquals("IOException", FailureReason.rootLine(new IOException(" ")));
    }

    @Test
    void the_answer_of_a_server_is_found_in_its_wrappers() {
        HttpOperationFailedException answer =
                new HttpOperationFailedException("http://site/?secret=1", 503, "busy", null, Map.of(), "come again");
        assertEquals(
                "answered 503: come again (http://site/)",
                FailureReason.of(new CamelExecutionException("in a route", null, answer)));
    }

    @Test
    void a_long_answer_leaves_place_for_where_it_came_from() {
        String reason = FailureReason.of(
                new HttpOperationFailedException("http://site/", 500, "", null, Map.of(), "x".repeat(5000)));
        assertEquals(AttemptLog.LONGEST_ERROR, reason.length());
        assertTrue(reason.startsWith("answered 500: xxx") && reason.endsWith("xxx (http://site/)"), reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "answered 422: {\"code\":\"ai_relay_invalid\",\"message\":\"post 7 is locked\"} (http://a/)"
                        + " | 422: post 7 is locked (ai_relay_invalid)",
                "the CRM did not answer: answered 401: {\"error\":{\"message\":\"No key\",\"type\":\"t\",\"code\":null}} (u)"
                        + " | the CRM did not answer: 401: No key",
                "answered 400: {\"message\":\"It is cut off\",\"data\":{\"params\":[\"a… | 400: It is cut off",
                "answered 400: {\"message\":\"It is cut o… | answered 400: {\"message\":\"It is cut o…",
                "answered 400: {} {\"message\":\"of another\"} (u) | answered 400: {} {\"message\":\"of another\"} (u)",
                "answered 503: busy (http://a/) | answered 503: busy (http://a/)"
            })
    void a_line_of_a_list_has_the_message_of_who_answered_in_json(String reason, String headline) {
        assertEquals(headline, FailureReason.headline(reason));
    }
}

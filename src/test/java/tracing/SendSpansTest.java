package tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class SendSpansTest {
    @Test
    void of_an_address_only_its_server_is_read() {
        assertEquals(
                "crm.example",
                SendSpans.address("https://crm.example/hook?key=RAW(s ec{ret}%)")
                        .getHost());
    }

    @Test
    void one_that_java_does_not_understand_is_no_error() {
        assertNull(SendSpans.address("https://crm.example/hook/{secret}"));
    }
}

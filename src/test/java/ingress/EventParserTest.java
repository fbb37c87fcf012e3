package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventParserTest {
    private final EventParser parser = new EventParser(new EventSchemas());

    private String parse(String json, String key) {
        return parser.parse(json.getBytes(StandardCharsets.UTF_8), key, false);
    }

    /** Or a captured request could be played again under any key in its header. */
    @Test
    void the_key_is_in_what_is_signed_even_where_a_schema_does_not_ask_for_it() {
        assertEquals("test.keyless", parse("{\"event\":\"test.keyless\",\"idempotency_key\":\"k\"}", "k"));
        assertEquals(422, refused("{\"event\":\"test.keyless\"}"));
        assertEquals(422, refused("{\"event\":\"test.keyless\",\"idempotency_key\":7}"));
        assertEquals(400, refused("{\"event\":\"test.keyless\",\"idempotency_key\":\"another\"}"));
    }

    private int refused(String json) {
        return assertThrows(RejectedRequest.class, () -> parse(json, "k")).status();
    }
}

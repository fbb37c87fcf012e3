package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import automations.LogLines;
import automations.Source;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.HeldBack;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas of the user's own over those of the relay. */
class OwnEventSchemasTest {
    private final EventSchemas schemas = new EventSchemas();

    private void take(String event, String schema) {
        schemas.replaceOwn(Map.of("schemas/" + event + ".json", new Source(schema, null)), false);
    }

    private void check(String event) throws IOException {
        schemas.check(new ObjectMapper().readTree(event));
    }

    private int status(String event) {
        return assertThrows(RejectedRequest.class, () -> check(event)).status();
    }

    @Test
    void an_event_is_known_as_long_as_its_schema_is_there() throws IOException {
        String order = "{\"event\":\"order.paid\",\"id\":7}";
        assertEquals(422, status(order));
        take("order.paid", "{\"properties\":{\"id\":{\"type\":\"integer\"}},\"required\":[\"id\"]}");
        check(order);
        assertEquals(422, status("{\"event\":\"order.paid\"}"));
        schemas.replaceOwn(Map.of(), false);
        assertEquals(422, status(order));
    }

    @Test
    void one_of_the_users_own_goes_before_the_relays() throws IOException {
        String post = "{\"event\":\"post.published\",\"id\":7}";
        assertEquals(422, status(post));
        take("post.published", "{\"required\":[\"id\"]}");
        check(post);
        schemas.replaceOwn(Map.of(), false);
        assertEquals(422, status(post));
    }

    @Test
    void what_it_marks_as_personal_is() {
        take("order.paid", "{\"properties\":{\"buyer\":{\"type\":\"string\",\"x-personal\":true}}}");
        assertEquals(Map.of("buyer", true), schemas.personal("order.paid"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "order.paid | {                                             | it is no JSON, or has a name twice, at line 1",
                "order.paid | {\"type\":\"object\",\"type\":\"object\"}         | it is no JSON, or has a name twice",
                "order.paid | []                                            | it is no JSON object",
                "order.paid | {\"type\":\"thing\"}                            | it is no JSON Schema (2020-12): /type",
                "order.paid | {\"properties\":{\"a\":{\"pattern\":\"(\"}}}      | it is no JSON Schema",
                "order.paid | {\"properties\":{\"a\":{\"$ref\":\"#/no/where\"}}} | it is no JSON Schema that can be used",
                "order.paid | {\"properties\":{\"event\":{\"const\":\"order.sent\"}}} | it is of the event 'order.sent', and its name should be order.sent.json",
                "order      | {}                                            | 'order' is no name of an event",
                "Order.Paid | {}                                            | 'Order.Paid' is no name of an event",
            })
    void what_is_no_schema_is_told_and_left_out(String event, String schema, String problem) {
        try (LogLines log = new LogLines()) {
            take(event, schema);
            assertEquals(1, log.errors().size(), log.errors().toString());
            String line = log.errors().get(0);
            String begin = "RELAY_AUTOMATIONS_DIR: schemas/" + event + ".json cannot be used, and it is left out: ";
            assertTrue(line.startsWith(begin + problem), line);
            assertEquals(422, status("{\"event\":\"" + event + "\"}"));
        }
    }

    @Test
    void an_event_that_was_taken_before_waits_while_its_schema_is_broken_at_the_start() {
        schemas.replaceOwn(Map.of("schemas/comment.created.json", new Source("{", null)), true);
        HeldBack waits = assertThrows(HeldBack.class, () -> schemas.personal("comment.created"));
        assertTrue(waits.getMessage().contains("schemas/comment.created.json"), waits.getMessage());
        assertThrows(HeldBack.class, () -> schemas.isAnonymous("comment.created"));
        assertThrows(IllegalStateException.class, () -> check("{\"event\":\"comment.created\"}"));
    }
}

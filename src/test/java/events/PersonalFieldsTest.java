package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonalFieldsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PersonalFields personal = new PersonalFields(Map.of(
            "name", "Ada Lovelace",
            "email", "ada@example.org",
            "phone", "+44 20 (7946) 0018",
            "topic", "sales",
            "initials", "AL"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Ada Lovelace asks | [withheld] asks",
                "ADA LOVELACE, ada@example.org! | [withheld], [withheld]!",
                "call +44 20 (7946) 0018 | call [withheld]",
                "Adaada@example.organic | Adaada@example.organic",
                "about sales in general | about [withheld] in general",
                "sales | sales",
                "AL is short | AL is short",
            })
    void a_text_loses_what_stands_in_it_as_a_word(String text, String expected) {
        assertEquals(expected, personal.mask(text));
    }

    @Test
    void a_text_that_quotes_a_part_of_a_message_is_withheld() {
        String sentence = "My husband must not know that I am looking for a flat.";
        PersonalFields message = new PersonalFields(Map.of(
                "message", "Good day! " + sentence + " It should have two rooms. Please write and do not call."));
        assertEquals("[withheld]", message.mask(sentence));
        assertEquals("[withheld]", message.mask("A flat is wanted: my husband must not know that I am looking…"));
        assertEquals("A flat with two rooms is wanted.", message.mask("A flat with two rooms is wanted."));
    }

    @Test
    void an_event_that_was_left_as_it_is_loses_its_personal_fields() throws Exception {
        Object result = personal.maskResult(Map.of(
                "lead_id",
                7,
                "fields",
                Map.of("name", "Ada Lovelace", "initials", "AL", "message", "Hello"),
                "category",
                "sales",
                "notes",
                List.of(Map.of("said", "Write to ada@example.org"), 3)));
        assertEquals(
                JSON.readTree("{\"lead_id\":7,\"fields\":{\"message\":\"Hello\"},\"category\":\"sales\","
                        + "\"notes\":[{\"said\":\"Write to [withheld]\"},3]}"),
                result);
    }

    @Test
    void bytes_are_not_kept_and_json_in_a_text_is_masked() {
        assertEquals(
                "[withheld]",
                JSON.valueToTree(personal.maskResult("Ada Lovelace".getBytes(StandardCharsets.UTF_8)))
                        .textValue());
        assertEquals(
                "{\"name\":\"[withheld]\"}",
                JSON.valueToTree(personal.maskResult("{\"name\":\"Ada Lovelace\"}"))
                        .textValue());
    }

    @Test
    void where_there_are_none_everything_stays_the_same_object() {
        Map<String, Object> result = Map.of("fields", Map.of("name", "Ada Lovelace"));
        assertSame(result, PersonalFields.NONE.maskResult(result));
        assertEquals("Ada Lovelace", PersonalFields.NONE.mask("Ada Lovelace"));
    }
}

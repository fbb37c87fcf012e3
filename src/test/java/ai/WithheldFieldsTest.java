package ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import events.PersonalFields;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithheldFieldsTest {
    private static final String WITHHELD = PersonalFields.WITHHELD;

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    private Map<?, ?> shown(Map<String, Boolean> marks, Map<String, Object> event) {
        exchange.getMessage().setHeader("RelayEvent", "order.paid");
        exchange.getMessage().setBody(event);
        new WithheldFields(name -> name.equals("order.paid") ? marks : Map.of()).withhold(exchange);
        return exchange.getMessage().getBody(Map.class);
    }

    @Test
    void the_schema_says_what_is_withheld_and_what_is_shown_whatever_its_name() {
        assertEquals(
                Map.of("total", WITHHELD, "name", "Bridge", "fields", Map.of("note", WITHHELD, "company_name", "Acme")),
                shown(
                        Map.of("total", true, "name", false, "fields.note", true, "fields.company_name", false),
                        Map.of("total", 7, "name", "Bridge", "fields", Map.of("note", "n", "company_name", "Acme"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "email",
                "your-email",
                "Email Address",
                "e-mail",
                "phone",
                "tel-543",
                "firstName",
                "name",
                "author_url",
                "author_email_sha256",
                "PHONE"
            })
    void a_name_of_something_personal_is_enough(String name) {
        assertEquals(Map.of(name, WITHHELD), shown(Map.of(), Map.of(name, "x")));
        assertEquals(Map.of("fields", Map.of(name, WITHHELD)), shown(Map.of(), Map.of("fields", Map.of(name, "x"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"content", "post_title", "message", "hotel", "email_opt_ins", "filename", "tags"})
    void a_name_that_only_looks_like_it_is_shown_unless_a_word_of_it_is(String name) {
        assertEquals(Map.of(name, name.equals("email_opt_ins") ? WITHHELD : "x"), shown(Map.of(), Map.of(name, "x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@example.org", "+44 20 7946 0018", "(030) 123456-78"})
    void an_address_or_number_in_a_form_is_withheld_whatever_its_field_is_called(String value) {
        assertEquals(
                Map.of("fields", Map.of("text-1", WITHHELD)),
                shown(Map.of(), Map.of("fields", Map.of("text-1", value))));
        assertEquals(Map.of("published_at", value), shown(Map.of(), Map.of("published_at", value)));
    }

    @Test
    void what_is_withheld_from_a_form_is_not_shown_in_another_text_either() {
        assertEquals(
                Map.of("fields", Map.of("email", WITHHELD, "message", "Write to [withheld], please.")),
                shown(
                        Map.of(),
                        Map.of(
                                "fields",
                                Map.of("email", "ada@example.org", "message", "Write to ada@example.org, please."))));
    }

    @Test
    void what_a_comment_says_stays_readable_though_its_author_is_withheld() {
        assertEquals(
                Map.of("author_name", WITHHELD, "content", "I am Best Casino"),
                shown(Map.of(), Map.of("author_name", "Best Casino", "content", "I am Best Casino")));
    }

    @Test
    void what_came_encrypted_is_withheld_also_where_an_automation_has_put_it_elsewhere() {
        exchange.setProperty(
                PersonalFields.PROPERTY,
                new PersonalFields(Map.of("budget", "12,000 euros", "message", "Call me soon")));
        exchange.setProperty(
                "RelayPayload", Map.of("fields", Map.of("budget", "12,000 euros", "message", "Call me soon")));
        assertEquals(
                Map.of("budget", WITHHELD, "about", "They have [withheld].", "message", "Call me soon"),
                shown(
                        Map.of("fields.message", false),
                        Map.of(
                                "budget",
                                "12,000 euros",
                                "about",
                                "They have 12,000 euros.",
                                "message",
                                "Call me soon")));
    }

    @Test
    void a_field_that_was_left_empty_is_seen_to_be_empty() {
        assertEquals(Map.of("author_url", ""), shown(Map.of("author_url", true), Map.of("author_url", "")));
    }

    @Test
    void an_answer_of_the_local_ai_is_masked_before_it_is_kept() {
        Map<String, Object> answer = Map.of("summary", "Ada Lovelace asks.", "category", "sales");
        exchange.getMessage().setBody(answer);
        WithheldFields withheld = new WithheldFields(event -> Map.of());
        withheld.maskAnswer(exchange);
        assertSame(answer, exchange.getMessage().getBody());
        exchange.setProperty(
                PersonalFields.PROPERTY, new PersonalFields(Map.of("who", "Ada Lovelace", "topic", "sales")));
        withheld.maskAnswer(exchange);
        assertEquals(
                Map.of("summary", "[withheld] asks.", "category", "sales"),
                exchange.getMessage().getBody());
        assertFalse(exchange.getMessage().getBody().toString().contains("Ada"));
    }
}

package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.PermanentFailure;
import events.PersonalFields;
import ingress.EncryptedFields.Opened;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptedFieldsTest {
    private static final String DIR_A256GCM = "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}";
    private static final String ADA = "{\"name\":\"Ada Lovelace\",\"email\":\"ada@example.org\"}";

    private final EncryptedFields encryptedFields =
            new EncryptedFields(Optional.of(new SecretKeySpec(TestJwe.KEY, "AES")));

    private static byte[] lead(String token) {
        String lead =
                "{\"event\":\"lead.captured\",\"lead_id\":7,\"fields\":{\"name\":\"in clear\",\"topic\":\"sales\"},"
                        + "\"encrypted\":\"" + token + "\"}";
        return lead.getBytes(StandardCharsets.UTF_8);
    }

    private Opened open(String token) {
        return encryptedFields.open("lead.captured", lead(token));
    }

    private String refused(String token) {
        return assertThrows(PermanentFailure.class, () -> open(token)).getMessage();
    }

    @Test
    void what_was_encrypted_joins_the_fields_and_wins_over_one_of_the_same_name() {
        Opened opened = open(TestJwe.encrypt(ADA));
        assertEquals(
                Map.of("name", "Ada Lovelace", "topic", "sales", "email", "ada@example.org"),
                opened.event().get("fields"));
        assertFalse(opened.event().containsKey("encrypted"));
        assertTrue(opened.personal().has("name") && opened.personal().has("email"));
        assertFalse(opened.personal().has("topic"));
    }

    /** Made by PHP: openssl_encrypt( …, 'aes-256-gcm', …, OPENSSL_RAW_DATA, $iv, $tag, $header ). */
    @Test
    void what_php_has_encrypted_opens() {
        Opened opened = open(
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..dHdlbHZlIGJ5dGVz.P8nTF6s1l3CtWnWZfq_Lf-bTlZBx.PJia74TklwjBW6xkE5oiFg");
        assertEquals("Grüße", ((Map<?, ?>) opened.event().get("fields")).get("message"));
    }

    /** Made by the plugin, whose own test (FormsTest) makes the same token of the same key and text. */
    @Test
    void what_the_plugin_has_encrypted_opens() {
        Opened opened = open(
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..dHdlbHZlIGJ5dGVz.P8nQE7Uj1C3qOSvaG_EqrkA_g9NrtNpPQXZnR67Kq8pW_aLws9OzKSmx.5yDylnBKPjAtQoemhaECyQ");
        assertEquals(
                Map.of("name", "Ada", "message", "Grüße", "topic", "sales"),
                opened.event().get("fields"));
    }

    @Test
    void it_is_normalized_like_what_came_in_clear() {
        Opened opened = open(TestJwe.encrypt("{\"message\":\"<p>Call me, <b>Ada</b> &amp; Bob</p>\\u0007\"}"));
        assertEquals("Call me, Ada & Bob", ((Map<?, ?>) opened.event().get("fields")).get("message"));
        assertEquals("(" + PersonalFields.WITHHELD + ")", opened.personal().mask("(Call me, Ada & Bob)"));
    }

    @Test
    void a_lead_without_it_is_as_it_was() {
        byte[] lead = "{\"lead_id\":7,\"fields\":{\"a\":\"b\"},\"encrypted\":null}".getBytes(StandardCharsets.UTF_8);
        Opened opened = encryptedFields.open("lead.captured", lead);
        assertEquals(Map.of("lead_id", 7, "fields", Map.of("a", "b")), opened.event());
        assertSame(PersonalFields.NONE, opened.personal());
    }

    @Test
    void in_another_event_it_is_a_field_like_any_other() {
        Opened opened = encryptedFields.open("post.published", lead("no.token"));
        assertEquals("no.token", opened.event().get("encrypted"));
    }

    @Test
    void without_a_key_the_reason_says_which_setting_is_missing() {
        EncryptedFields without = new EncryptedFields(Optional.empty());
        byte[] lead = lead(TestJwe.encrypt(ADA));
        String reason = assertThrows(PermanentFailure.class, () -> without.open("lead.captured", lead))
                .getMessage();
        assertTrue(reason.contains("RELAY_PII_KEY"), reason);
    }

    @Test
    void another_key_and_a_damaged_token_do_not_open() {
        byte[] other = "another key of thirty-two bytes.".getBytes(StandardCharsets.US_ASCII);
        String good = TestJwe.encrypt(ADA);
        int tag = good.lastIndexOf('.') + 1;
        String damaged = good.substring(0, tag) + (good.charAt(tag) == 'A' ? 'B' : 'A') + good.substring(tag + 1);
        for (String token : new String[] {TestJwe.encrypt(DIR_A256GCM, ADA, other), damaged}) {
            String reason = refused(token);
            assertTrue(reason.contains("RELAY_PII_KEY"), reason);
            assertFalse(reason.contains("Ada"), reason);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"alg\":\"A256KW\",\"enc\":\"A256GCM\"} | which alone are taken",
                "{\"alg\":\"dir\",\"enc\":\"A256CBC-HS512\"} | which alone are taken",
                "{\"alg\":\"dir\",\"enc\":\"A128GCM\"} | which alone are taken",
                "{\"alg\":\"RSA1_5\",\"enc\":\"A256GCM\"} | which alone are taken",
                "{\"alg\":\"none\",\"enc\":\"A256GCM\"} | no JWE",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"} | compressed",
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"crit\":[\"exp\"],\"exp\":1} | does not open",
                "[] | no JWE",
            })
    void no_other_algorithm_is_taken_though_the_key_fits(String header, String expected) {
        String reason = refused(TestJwe.encrypt(header, ADA, TestJwe.KEY));
        assertTrue(reason.contains(expected), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a..b.c", "....", "e30..AA.AA.AA", "ü..a.b.c"})
    void what_is_no_token_is_said_to_be_none(String token) {
        String reason = refused(token);
        assertTrue(reason.contains("no JWE in compact form"), reason);
    }

    @Test
    void a_token_that_is_too_long_is_not_looked_at() {
        assertTrue(refused(TestJwe.encrypt("{\"a\":\"" + "x".repeat(65_536) + "\"}"))
                .contains("longer than 65536"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"a\"]",
                "\"Ada\"",
                "{\"Ada\":1}",
                "{\"Ada\":{\"a\":\"b\"}}",
                "{\"Ada\":",
                "{\"Ada\":\"1\",\"Ada\":\"2\"}"
            })
    void what_it_holds_has_to_be_an_object_of_texts_and_the_reason_does_not_quote_it(String json) {
        String reason = refused(TestJwe.encrypt(json));
        assertTrue(reason.contains("mend the sender"), reason);
        assertFalse(reason.contains("Ada"), reason);
    }
}

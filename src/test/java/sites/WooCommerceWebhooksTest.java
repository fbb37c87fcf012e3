package sites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WooCommerceWebhooksTest {
    private static final String SECRET = "a secret & <of> \"WooCommerce's\" äöü";
    private static final String BODY =
            "{\"id\":727,\"number\":\"727\",\"total\":\"29.35\",\"billing\":{\"city\":\"K\\u00f6ln\"}}";
    private static final String SIGNATURE = "2KJX99kQ9+cTMuzZyLzzJ1oyC0l1k7e9RFLMa7wo4YA=";

    private final WooCommerceWebhooks webhooks =
            new WooCommerceWebhooks(SECRET, Set.of("order.created", "order.updated"));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Made with {@code base64_encode(hash_hmac('sha256', $body, $secret, true))}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                BODY + " | " + SIGNATURE,
                "{} | avJVj9cWqNZv4f1ixM2o7yWP6vci5lsPalNsU8wfzqU=",
                "'' | 2aGkyYi/NLuByev3kWqw2XeB/su+561R0Xuc+NuhMe8=",
                "{\"name\":\"Café 🐫\"} | guD5BJUHT0k4veiZLw4PHxpXF+woI0X6+iKWoWhj0c4=",
            })
    void a_signature_made_with_php_holds(String body, String signature) {
        assertEquals(signature, webhooks.sign(bytes(body)));
        assertTrue(webhooks.matches(bytes(body), signature));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2KJX99kQ9+cTMuzZyLzzJ1oyC0l1k7e9RFLMa7wo4YA",
                "2KJX99kQ9-cTMuzZyLzzJ1oyC0l1k7e9RFLMa7wo4YA=",
                "2kjx99kq9+ctmuzzylzzj1oyc0l1k7e9rflma7wo4ya=",
                "d8a257f7d910f7e71332ecd9c8bcf3275a320b497593b7bd4452cc6bbc28e180",
                "2KJX99kQ9+cTMuzZyLzzJ1oyC0l1k7e9RFLMa7wo4YA= ",
                "avJVj9cWqNZv4f1ixM2o7yWP6vci5lsPalNsU8wfzqU=",
                "=",
                "",
            })
    void nothing_else_is_its_signature(String signature) {
        assertFalse(webhooks.matches(bytes(BODY), signature));
    }

    @Test
    void the_body_is_signed_with_this_secret() {
        assertFalse(webhooks.matches(bytes(BODY + " "), SIGNATURE));
        assertFalse(new WooCommerceWebhooks(SECRET + " ", Set.of()).matches(bytes(BODY), SIGNATURE));
    }

    @Test
    void a_secret_is_for_its_topics_and_no_other() {
        assertTrue(webhooks.isFor("order.updated"));
        assertFalse(webhooks.isFor("order.deleted"));
        assertFalse(webhooks.isFor(""));
    }
}

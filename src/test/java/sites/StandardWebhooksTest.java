package sites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardWebhooksTest {
    /** The vector that the libraries of the Standard Webhooks project share. */
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String TIMESTAMP = "1614265330";
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final String OF_ANOTHER = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";

    private final StandardWebhooks webhooks = new StandardWebhooks(SECRET);

    @Test
    void the_published_vector_holds() {
        assertEquals(SIGNATURE, webhooks.sign(ID, TIMESTAMP, BODY));
        assertTrue(matches(SIGNATURE));
        assertTrue(matches(OF_ANOTHER, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", SIGNATURE, OF_ANOTHER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OF_ANOTHER,
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLawdd",
                "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                "v1,",
                "v1",
                "",
            })
    void nothing_else_is_its_signature(String signature) {
        assertFalse(matches(signature));
    }

    @Test
    void id_timestamp_and_body_are_signed() {
        assertFalse(webhooks.matches("msg_other", TIMESTAMP, BODY, new String[] {SIGNATURE}));
        assertFalse(webhooks.matches(ID, "1614265331", BODY, new String[] {SIGNATURE}));
        assertFalse(webhooks.matches(ID, TIMESTAMP, new byte[0], new String[] {SIGNATURE}));
    }

    @Test
    void a_secret_has_its_prefix_and_24_to_64_bytes_in_base64() {
        assertTrue(StandardWebhooks.isSecret(SECRET));
        assertTrue(StandardWebhooks.isSecret("whsec_" + "A".repeat(84) + "AA=="));
        assertFalse(StandardWebhooks.isSecret("whsec_" + "A".repeat(88)));
        assertFalse(StandardWebhooks.isSecret("whsec_" + "A".repeat(28)));
        assertFalse(StandardWebhooks.isSecret("whsec_not base64 at all, but long enough"));
        assertFalse(StandardWebhooks.isSecret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8G"));
        assertFalse(StandardWebhooks.isSecret(""));
    }

    private boolean matches(String... signatures) {
        return webhooks.matches(ID, TIMESTAMP, BODY, signatures);
    }
}

package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sites.Signature;
import sites.Site;
import sites.SiteKey;
import sites.Sites;
import sites.StandardWebhooks;
import sites.TestSite;

class RequestVerifierTest {
    private static final byte[] CONTENT = "{}".getBytes(StandardCharsets.UTF_8);

    private static String secret(int number) {
        byte[] key = "a key of 24 bytes or more, %02d".formatted(number).getBytes(StandardCharsets.UTF_8);
        return StandardWebhooks.SECRET_PREFIX + Base64.getEncoder().encodeToString(key);
    }

    /** Signed with the secret of the first of so many sites. */
    private static String verify(int sites, String keyId) {
        List<Site> all = IntStream.range(0, sites)
                .mapToObj(number -> TestSite.signing(SiteKey.of("key-" + number, "site-" + number, secret(number))))
                .toList();
        String now = Long.toString(Instant.now().getEpochSecond());
        String signature = new StandardWebhooks(secret(0)).sign("id", now, CONTENT);
        return new RequestVerifier(Sites.many(all), Clock.systemUTC())
                .verifyStandardWebhook("id", now, signature, keyId, CONTENT)
                .site();
    }

    @Test
    void who_names_no_key_is_tried_with_a_few_secrets_and_not_with_hundreds() {
        assertEquals("site-0", verify(16, null));
        assertEquals("site-0", verify(17, "key-0"));
        assertEquals(
                400, assertThrows(RejectedRequest.class, () -> verify(17, null)).status());
    }

    private static final Instant NOW = Instant.ofEpochSecond(1_780_000_000);

    private static final String SECRET = "a secret of this one site";

    private static final RequestVerifier VERIFIER = new RequestVerifier(
            Sites.many(List.of(TestSite.signing(SiteKey.of("key", "site", SECRET)))), Clock.fixed(NOW, ZoneOffset.UTC));

    private static String sign(String timestamp) {
        return new Signature(SECRET).sign(timestamp, CONTENT);
    }

    private static boolean isTaken(String timestamp, String signatures) {
        try {
            return VERIFIER.verify(timestamp, signatures, "key", CONTENT).site().equals("site");
        } catch (RejectedRequest refused) {
            assertEquals(401, refused.status());
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({"-301, false", "-300, true", "0, true", "300, true", "301, false"})
    void a_clock_may_be_off_by_five_minutes_either_way(long seconds, boolean isTaken) {
        String timestamp = Long.toString(NOW.getEpochSecond() + seconds);
        assertEquals(isTaken, isTaken(timestamp, sign(timestamp)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "1780000000.0", "+1780000000", "-1780000000", "178000000000000", "now", "\u0661"})
    void what_is_no_time_of_now_is_refused_though_it_is_signed(String timestamp) {
        assertFalse(isTaken(timestamp, sign(timestamp)));
    }

    @Test
    void a_signature_of_another_secret_is_none() {
        String timestamp = Long.toString(NOW.getEpochSecond());
        assertFalse(isTaken(timestamp, new Signature("another secret").sign(timestamp, CONTENT)));
        assertFalse(isTaken(timestamp, ""));
    }

    @Test
    void one_of_eight_signatures_may_be_the_valid_one_and_of_nine_none_counts() {
        String timestamp = Long.toString(NOW.getEpochSecond());
        String wrong = sign("1") + ", ";
        assertTrue(isTaken(timestamp, wrong.repeat(7) + sign(timestamp)));
        assertFalse(isTaken(timestamp, wrong.repeat(8) + sign(timestamp)));
        assertFalse(isTaken(timestamp, sign(timestamp) + ", " + wrong.repeat(8)));
    }

    @Test
    void the_id_of_a_standard_webhook_is_signed_too() {
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        String signature = new StandardWebhooks(secret(0)).sign("id", timestamp, CONTENT);
        RequestVerifier verifier = new RequestVerifier(
                Sites.many(List.of(TestSite.signing(SiteKey.of("key", "site", secret(0))))), Clock.systemUTC());
        assertEquals(
                401,
                assertThrows(
                                RejectedRequest.class,
                                () -> verifier.verifyStandardWebhook("other", timestamp, signature, "key", CONTENT))
                        .status());
    }
}

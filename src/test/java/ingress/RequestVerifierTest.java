package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
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
}

package sites;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * The symmetric signature of Standard Webhooks 1.0.0: HMAC-SHA256 over {@code id + "." + timestamp + "." + bytes}, in base64
 * after {@code v1,}. Signatures of another kind ({@code v1a}, with a public key) verify nothing here.
 */
public final class StandardWebhooks {
    /** What a secret begins with; the key itself follows in base64. */
    public static final String SECRET_PREFIX = "whsec_";

    private static final String SIGNATURE_PREFIX = "v1,";
    /** As the specification has them, in bytes. */
    private static final int SHORTEST_KEY = 24;

    private static final int LONGEST_KEY = 64;

    private final Hmac hmac;

    /** @param secret for which {@link #isSecret} holds */
    public StandardWebhooks(String secret) {
        this.hmac = new Hmac(key(secret));
    }

    /** Whether whoever gave it out takes it for one. */
    public static boolean isMeantAs(String secret) {
        return secret.startsWith(SECRET_PREFIX);
    }

    /** Whether it has the form of a secret of this kind. */
    public static boolean isSecret(String secret) {
        try {
            byte[] key = key(secret);
            return secret.startsWith(SECRET_PREFIX) && key.length >= SHORTEST_KEY && key.length <= LONGEST_KEY;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** As an element of {@code webhook-signature}. */
    public String sign(String id, String timestamp, byte[] content) {
        byte[] signed = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        return SIGNATURE_PREFIX + Base64.getEncoder().encodeToString(hmac.of(signed, content));
    }

    /** As {@link Signature#matches}. */
    public boolean matches(String id, String timestamp, byte[] content, String[] candidates) {
        byte[] expected = sign(id, timestamp, content).getBytes(StandardCharsets.US_ASCII);
        boolean matches = false;
        for (String candidate : candidates) {
            matches |= MessageDigest.isEqual(expected, candidate.getBytes(StandardCharsets.UTF_8));
        }
        return matches;
    }

    private static byte[] key(String secret) {
        return Base64.getDecoder().decode(secret.substring(Math.min(secret.length(), SECRET_PREFIX.length())));
    }
}

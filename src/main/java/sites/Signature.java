package sites;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * HMAC-SHA256 over {@code timestamp + "." + bytes}, in lower-case hex: how a request in either direction is signed.
 * Immutable and safe to share.
 */
public final class Signature {
    private static final HexFormat HEX = HexFormat.of();

    private final Hmac hmac;

    /** @param secret its UTF-8 bytes are the key, as they are: nothing is trimmed */
    public Signature(String secret) {
        this.hmac = new Hmac(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** The signature of what is sent, 64 characters of lower-case hex. */
    public String sign(String timestamp, byte[] content) {
        return HEX.formatHex(hmac.of((timestamp + ".").getBytes(StandardCharsets.UTF_8), content));
    }

    /**
     * Whether one of the candidates is the signature. Every candidate is compared, each in constant time, so that the
     * time taken says nothing about how close a forgery came.
     */
    public boolean matches(String timestamp, byte[] content, String[] candidates) {
        byte[] expected = sign(timestamp, content).getBytes(StandardCharsets.US_ASCII);
        boolean matches = false;
        for (String candidate : candidates) {
            matches |= MessageDigest.isEqual(expected, candidate.getBytes(StandardCharsets.UTF_8));
        }
        return matches;
    }
}

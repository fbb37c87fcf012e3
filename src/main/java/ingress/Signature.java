package ingress;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA256 over {@code timestamp + "." + bytes}, in lower-case hex: how a request in either direction is signed.
 * Immutable and safe to share: a {@link Mac} belongs to its thread.
 */
public final class Signature {
    private static final String ALGORITHM = "HmacSHA256";
    private static final HexFormat HEX = HexFormat.of();

    private final ThreadLocal<Mac> macs;

    /** @param secret its UTF-8 bytes are the key, as they are: nothing is trimmed */
    public Signature(String secret) {
        SecretKeySpec key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.macs = ThreadLocal.withInitial(() -> newMac(key));
    }

    /** The signature of what is sent, 64 characters of lower-case hex. */
    public String sign(String timestamp, byte[] content) {
        Mac mac = macs.get();
        mac.update(timestamp.getBytes(StandardCharsets.UTF_8));
        mac.update((byte) '.');
        return HEX.formatHex(mac.doFinal(content));
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

    private static Mac newMac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}

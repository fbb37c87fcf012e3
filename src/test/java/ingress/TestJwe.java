package ingress;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A sender that encrypts by itself, as RFC 7516 has it: it shares no code with what it tests. */
public final class TestJwe {
    public static final byte[] KEY = "thirty-two bytes for a test key!".getBytes(StandardCharsets.US_ASCII);
    public static final String RELAY_PII_KEY = Base64.getEncoder().encodeToString(KEY);

    private static final String HEADER = "{\"alg\":\"dir\",\"enc\":\"A256GCM\"}";
    private static final int IV = 12;
    private static final int TAG = 16;

    private TestJwe() {}

    public static String encrypt(String json) {
        return encrypt(HEADER, json, KEY);
    }

    /** With a header that need not say what was done. */
    public static String encrypt(String header, String json, byte[] key) {
        try {
            byte[] iv = new byte[IV];
            new SecureRandom().nextBytes(iv);
            String protectedHeader = base64(header.getBytes(StandardCharsets.UTF_8));
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG, iv));
            cipher.updateAAD(protectedHeader.getBytes(StandardCharsets.US_ASCII));
            byte[] sealed = cipher.doFinal(json.getBytes(StandardCharsets.UTF_8));
            int end = sealed.length - TAG;
            return protectedHeader + ".." + base64(iv) + "." + base64(Arrays.copyOf(sealed, end)) + "."
                    + base64(Arrays.copyOfRange(sealed, end, sealed.length));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

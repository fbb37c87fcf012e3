package ingress;

import events.Event;
import events.PermanentFailure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the events of a person by the SHA-256 of the trimmed, lower-case e-mail address, in hexadecimal digits: the
 * {@code author_email_sha256} of a comment, or any of the {@code fields} of a form, those too that came encrypted.
 */
public final class EmailMatch {
    private final EncryptedFields encryptedFields;

    /** Whether an event is of the person; {@code UNKNOWN} when what it has encrypted does not open. */
    public enum Result {
        YES,
        NO,
        UNKNOWN
    }

    public EmailMatch(EncryptedFields encryptedFields) {
        this.encryptedFields = encryptedFields;
    }

    /** @param sha256 64 hexadecimal digits, in any case */
    public Result of(Event event, String sha256) {
        Map<String, Object> payload = Normalizer.parse(event.payload());
        if (sha256.equalsIgnoreCase(String.valueOf(payload.get("author_email_sha256"))) || isIn(payload, sha256)) {
            return Result.YES;
        }
        try {
            return isIn(encryptedFields.open(event.event(), event.payload()).event(), sha256) ? Result.YES : Result.NO;
        } catch (PermanentFailure e) {
            return Result.UNKNOWN;
        }
    }

    private static boolean isIn(Map<String, Object> event, String sha256) {
        return event.get("fields") instanceof Map<?, ?> fields
                && fields.values().stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .anyMatch(value -> value.contains("@") && sha256(value).equalsIgnoreCase(sha256));
    }

    private static String sha256(String email) {
        try {
            byte[] address = email.strip().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(address));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package ingress;

import events.Event;
import events.PermanentFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import text.Sha256;

/**
 * Finds the events of a person by the SHA-256 of the trimmed, lower-case e-mail address, in hexadecimal digits: it, such
 * as {@code author_email_sha256} of a comment, or the address is the whole of a text anywhere in the event, in what came
 * encrypted too.
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
        if (isIn(payload, sha256)) {
            return Result.YES;
        }
        try {
            return isIn(encryptedFields.open(event.event(), event.payload()).event(), sha256) ? Result.YES : Result.NO;
        } catch (PermanentFailure e) {
            return Result.UNKNOWN;
        }
    }

    private static boolean isIn(Object value, String sha256) {
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().anyMatch(part -> isIn(part, sha256));
        }
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(part -> isIn(part, sha256));
        }
        return value instanceof String text
                && (text.equalsIgnoreCase(sha256)
                        || text.contains("@") && sha256(text).equalsIgnoreCase(sha256));
    }

    private static String sha256(String email) {
        return Sha256.hex(email.strip().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }
}

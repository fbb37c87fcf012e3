package ingress;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.DirectDecrypter;
import events.PermanentFailure;
import events.PersonalFields;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * Opens the {@code encrypted} of a {@code lead.captured} (contract, section 2): a JWE in compact form (RFC 7516),
 * {@code dir} and {@code A256GCM} (RFC 7518, 4.5 and 5.3), of a JSON object of texts. Only for the time of the work on
 * the event: what is stored stays encrypted.
 */
public final class EncryptedFields {
    /** In characters, as in the event's schema: a hundred fields have room. */
    static final int LONGEST_TOKEN = 65_536;

    private static final String EVENT = "lead.captured";
    private static final String TOKEN = "encrypted";

    private final Optional<SecretKey> key;

    /**
     * An event as an automation sees it.
     *
     * @param event normalized; in {@code fields} what was encrypted too, which wins over a field of the same name that
     *     came in clear; without {@code encrypted}
     * @param personal what was encrypted, as it stands in the event
     */
    public record Opened(Map<String, Object> event, PersonalFields personal) {}

    /** @param key of 256 bits, RELAY_PII_KEY; empty: nothing can be opened */
    public EncryptedFields(Optional<SecretKey> key) {
        this.key = key;
    }

    /**
     * @param name of the event, such as {@code lead.captured}
     * @param payload the JSON object that was signed
     * @throws PermanentFailure when it has encrypted fields that cannot be opened; says what to do, and nothing of them
     */
    public Opened open(String name, byte[] payload) {
        Map<String, Object> event = Normalizer.parse(payload);
        Object token = EVENT.equals(name) ? event.remove(TOKEN) : null;
        if (token == null) {
            return new Opened(Normalizer.normalize(event), PersonalFields.NONE);
        }
        Map<String, String> opened = texts(decrypt(token.toString()));
        Map<Object, Object> fields = new LinkedHashMap<>();
        if (event.get("fields") instanceof Map<?, ?> clear) {
            fields.putAll(clear);
        }
        fields.putAll(opened);
        event.put("fields", fields);
        Map<String, Object> normal = Normalizer.normalize(event);
        Map<?, ?> normalFields = (Map<?, ?>) normal.get("fields");
        opened.replaceAll((field, value) -> (String) normalFields.get(field));
        return new Opened(normal, new PersonalFields(opened));
    }

    private byte[] decrypt(String token) {
        SecretKey known = key.orElseThrow(
                () -> new PermanentFailure(
                        "the lead has encrypted fields: start the relay with the sender's key as RELAY_PII_KEY, then replay it"));
        JWEObject jwe = parse(token);
        try {
            jwe.decrypt(new DirectDecrypter(known));
        } catch (JOSEException e) {
            throw new PermanentFailure(
                    "encrypted does not open: if RELAY_PII_KEY is not the key that the sender has, start"
                            + " the relay with that one and replay it; or else it was damaged and has to be sent as a new event");
        }
        return jwe.getPayload().toBytes();
    }

    /** What the sender says of the algorithms is checked before anything is done by it (RFC 8725, 3.1). */
    private static JWEObject parse(String token) {
        if (token.length() > LONGEST_TOKEN) {
            throw unusable("is longer than " + LONGEST_TOKEN + " characters");
        }
        JWEObject jwe;
        try {
            jwe = JWEObject.parse(token);
        } catch (ParseException | RuntimeException e) { // a header without alg is a NullPointerException to it
            throw unusable("is no JWE in compact form");
        }
        JWEHeader header = jwe.getHeader();
        if (!JWEAlgorithm.DIR.equals(header.getAlgorithm())
                || !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())) {
            throw unusable("is not of alg dir and enc A256GCM, which alone are taken");
        }
        if (header.getCompressionAlgorithm() != null) {
            throw unusable("is compressed (zip), which is not taken");
        }
        return jwe;
    }

    private static Map<String, String> texts(byte[] json) {
        Map<String, String> texts = new LinkedHashMap<>();
        JsonNode object;
        try {
            object = StrictJson.parse(json);
        } catch (RejectedRequest e) {
            throw unusable("does not hold JSON");
        }
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!entry.getValue().isTextual()) {
                throw unusable("holds a field that is no text");
            }
            texts.put(entry.getKey(), entry.getValue().textValue());
        }
        if (!object.isObject()) {
            throw unusable("does not hold a JSON object");
        }
        return texts;
    }

    private static PermanentFailure unusable(String problem) {
        return new PermanentFailure(
                TOKEN + " " + problem + ": mend the sender and send the lead again, under another key");
    }
}

package sites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SignatureTest {
    /** @param body the bytes that were signed */
    record Vector(String name, String secret, String timestamp, byte[] body, String signature) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Vector> vectors() throws IOException {
        JsonNode file = new ObjectMapper().readTree(SignatureTest.class.getResource("/signature-vectors.json"));
        return StreamSupport.stream(file.get("vectors").spliterator(), false)
                .map(vector -> new Vector(
                        vector.get("name").asText(),
                        vector.get("secret").asText(),
                        vector.get("timestamp").asText(),
                        body(vector),
                        vector.get("signature").asText()));
    }

    private static byte[] body(JsonNode vector) {
        if (vector.has("body_base64")) {
            return Base64.getDecoder().decode(vector.get("body_base64").asText());
        }
        String body = vector.has("body_repeat")
                ? vector.at("/body_repeat/0")
                        .asText()
                        .repeat(vector.at("/body_repeat/1").asInt())
                : vector.get("body").asText();
        return body.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void a_vector_made_with_php_holds(Vector vector) {
        assertEquals(vector.signature, new Signature(vector.secret).sign(vector.timestamp, vector.body));
        assertTrue(matches(vector.secret, vector.timestamp, vector.body, vector.signature));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void one_bit_of_the_body_changed_breaks_it(Vector vector) {
        for (int index : new int[] {0, vector.body.length / 2, vector.body.length - 1}) {
            byte[] changed = vector.body.length == 0 ? new byte[1] : vector.body.clone();
            changed[Math.max(0, index)] ^= 1;
            assertFalse(matches(vector.secret, vector.timestamp, changed, vector.signature));
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void one_bit_of_the_timestamp_changed_breaks_it(Vector vector) {
        assertFalse(matches(vector.secret, flipLastBit(vector.timestamp), vector.body, vector.signature));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void one_bit_of_the_secret_changed_breaks_it(Vector vector) {
        assertFalse(matches(flipLastBit(vector.secret), vector.timestamp, vector.body, vector.signature));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void one_valid_signature_among_several_is_enough(Vector vector) {
        Signature signature = new Signature(vector.secret);
        String[] candidates = {"00", vector.signature, "zz"};
        assertTrue(signature.matches(vector.timestamp, vector.body, candidates));
        assertFalse(signature.matches(vector.timestamp, vector.body, new String[] {"00", "zz", ""}));
    }

    private static boolean matches(String secret, String timestamp, byte[] body, String candidate) {
        return new Signature(secret).matches(timestamp, body, new String[] {candidate});
    }

    private static String flipLastBit(String text) {
        int last = text.length() - 1;
        return text.substring(0, last) + (char) (text.charAt(last) ^ 1);
    }
}

package ingress;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** JSON as RFC 8259 has it: UTF-8, one value, no name twice; and no deeper or longer than an event has reason to be. */
final class StrictJson {
    private static final int DEEPEST = 32;
    private static final int LONGEST_NUMBER = 40;

    private static final ObjectMapper MAPPER = JsonMapper.builder(factory())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .nodeFactory(new FiniteNumbers())
            .build();

    /** RFC 8259, 6, leaves the range of numbers to who reads them: 1e400 is infinity to Java, and none to the schemas. */
    private static final class FiniteNumbers extends JsonNodeFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public NumericNode numberNode(double number) {
            if (!Double.isFinite(number)) {
                throw RejectedRequest.invalidJson();
            }
            return super.numberNode(number);
        }
    }

    private StrictJson() {}

    /** @throws RejectedRequest 400 when the bytes are not such JSON */
    static JsonNode parse(byte[] content) {
        try {
            // Jackson would guess UTF-16 and UTF-32; decoding first leaves one reading of the bytes.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            JsonNode value = MAPPER.readTree(text);
            if (value == null || value.isMissingNode()) {
                throw RejectedRequest.invalidJson();
            }
            return value;
        } catch (IOException e) {
            throw RejectedRequest.invalidJson();
        }
    }

    private static JsonFactory factory() {
        return new JsonFactoryBuilder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNumberLength(LONGEST_NUMBER)
                        .build())
                .build();
    }
}

package bench;

import java.nio.charset.StandardCharsets;
import routes.Samples;

/** Published posts of one size, which differ in their key. */
final class Payloads {
    private static final String SENTENCE = "The work will start in June and last eleven months. ";
    private static final int KEY_DIGITS = 16;

    private final String prefix = "bench-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "-";
    private final byte[] template;
    private final int digitsAt;
    private long count;

    record Payload(String key, byte[] body) {}

    Payloads(int bytes) {
        String key = prefix + "0".repeat(KEY_DIGITS);
        int without = Samples.post(key).put("content", "").toString().length();
        String content = SENTENCE.repeat(bytes / SENTENCE.length() + 1).substring(0, Math.max(1, bytes - without));
        String json = Samples.post(key).put("content", content).toString();
        this.template = json.getBytes(StandardCharsets.UTF_8);
        this.digitsAt = json.indexOf(key) + prefix.length();
    }

    Payload next() {
        String digits = String.format("%0" + KEY_DIGITS + "d", ++count);
        byte[] body = template.clone();
        for (int i = 0; i < KEY_DIGITS; i++) {
            body[digitsAt + i] = (byte) digits.charAt(i);
        }
        return new Payload(prefix + digits, body);
    }
}

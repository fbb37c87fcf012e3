package events;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** W3C's header {@code traceparent}, version 00: {@code 00-<trace id>-<span id>-<flags>} in lower-case hex. */
public final class TraceParent {
    public static final String HEADER = "traceparent";

    /** Neither id may be all zeros (Trace Context, 3.2.2). */
    private static final Pattern VALID =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})");

    private TraceParent() {}

    public static boolean isValid(String value) {
        return value != null && VALID.matcher(value).matches();
    }

    /** Of a trace that begins here and that nobody records: its id is for logs, and for whoever looks for the event. */
    public static String begin() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "00-" + hex(random.nextLong()) + hex(nonZero(random)) + "-" + hex(nonZero(random)) + "-00";
    }

    /** The id of the trace, or null where there is none. */
    public static String traceId(String value) {
        return isValid(value) ? value.substring(3, 35) : null;
    }

    private static long nonZero(ThreadLocalRandom random) {
        return random.nextLong() | 1;
    }

    private static String hex(long bits) {
        StringBuilder hex = new StringBuilder(16);
        for (int shift = 60; shift >= 0; shift -= 4) {
            hex.append(Character.forDigit((int) (bits >>> shift) & 0xF, 16));
        }
        return hex.toString();
    }
}

package chaos;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Dead letters by their reason, without what is different in each. */
final class Reasons {
    private static final int LONGEST = 60;

    private Reasons() {}

    /** @param dead each as "key: reason" */
    static Map<String, Long> count(List<String> dead) {
        Map<String, Long> reasons = new TreeMap<>();
        for (String line : dead) {
            String reason = line.substring(line.indexOf(": ") + 2)
                    .replaceAll("https?://[^\\s)]+", "…")
                    .replaceAll("\\d{4,}", "#");
            String start = reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…";
            reasons.merge(start, 1L, Long::sum);
        }
        return reasons;
    }
}

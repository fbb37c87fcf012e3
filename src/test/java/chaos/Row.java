package chaos;

import java.time.Instant;
import java.util.List;

/**
 * What came of one fault.
 *
 * @param under the load that was driven
 * @param times how often the fault was injected
 * @param recovery median and longest, or empty when there is nothing to recover from
 * @param seen what else the row is about, such as a percentile or the statuses
 * @param broken what did not hold; empty: the row kept its promise
 */
record Row(
        String name,
        String description,
        String under,
        int times,
        Verdict verdict,
        String recovery,
        String seen,
        List<String> broken,
        Instant when) {

    boolean isKept() {
        return broken.isEmpty();
    }
}

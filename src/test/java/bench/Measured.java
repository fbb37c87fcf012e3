package bench;

import java.util.Map;

/**
 * What a load saw within its window.
 *
 * @param perSecond answers of the expected kind a second
 * @param p50 milliseconds; in an open loop from when the request was due
 * @param statuses how many answers of each HTTP status; 0 is none
 * @param acceptedInAll also before and after the window
 */
record Measured(
        double perSecond, double p50, double p99, double max, Map<Integer, Long> statuses, long acceptedInAll) {}

package chaos;

import java.time.Duration;

/**
 * The numbers of the promise, or small ones that show the same in a few seconds.
 *
 * @param mostRate events a second that no row goes beyond, on a machine that cannot carry more
 */
record Scale(boolean isQuick, double mostRate) {
    private static final double QUICK_RATE = 20;
    private static final Duration QUICK_PATIENCE = Duration.ofSeconds(70);

    int times(int full, int quick) {
        return isQuick ? quick : full;
    }

    Duration seconds(long full, long quick) {
        return Duration.ofSeconds(isQuick ? quick : full);
    }

    /** Events a second. */
    double rate(double full) {
        return Math.min(mostRate, isQuick ? Math.min(full, QUICK_RATE) : full);
    }

    /** How long to wait for what takes so long at most when all goes well in full. */
    Duration patience(Duration full) {
        return isQuick && full.compareTo(QUICK_PATIENCE) > 0 ? QUICK_PATIENCE : full;
    }

    /** A percentile of a few samples is a figure and no verdict. */
    boolean judgesLatency() {
        return !isQuick;
    }
}

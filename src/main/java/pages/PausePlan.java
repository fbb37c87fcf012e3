package pages;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import wordpress.SitePauses;

/**
 * What can be done about a site: to pause it, or to resume it.
 *
 * @param pause how it is paused; null: it is not
 */
public record PausePlan(String site, SitePauses.Pause pause) {
    /** For how long, besides until it is resumed. */
    public static final Map<String, Duration> LENGTHS = lengths();

    private static Map<String, Duration> lengths() {
        Map<String, Duration> lengths = new LinkedHashMap<>();
        lengths.put("15m", Duration.ofMinutes(15));
        lengths.put("1h", Duration.ofHours(1));
        lengths.put("4h", Duration.ofHours(4));
        lengths.put("24h", Duration.ofHours(24));
        return Collections.unmodifiableMap(lengths);
    }

    public String heading() {
        return (isPaused() ? "Resume " : "Pause ") + site + "?";
    }

    public boolean isPaused() {
        return pause != null;
    }

    public boolean isPausedByHand() {
        return isPaused() && pause.byHand();
    }

    public int longestReason() {
        return PausePages.LONGEST_REASON;
    }
}

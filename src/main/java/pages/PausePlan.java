package pages;

import java.util.List;
import operations.SitesApi;
import wordpress.SitePauses;

/**
 * What can be done about a site: to pause it, or to resume it.
 *
 * @param pause how it is paused; null: it is not
 */
public record PausePlan(String site, SitePauses.Pause pause) {
    /** For how long, to choose from; any other length or time may be typed. */
    public static final List<String> LENGTHS = List.of("10m", "15m", "30m", "1h", "2h", "4h", "12h", "1d");

    /** Unless another one is given: a pause that ends by itself cannot be forgotten. */
    public static final String USUAL_LENGTH = "1h";

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
        return SitesApi.LONGEST_REASON;
    }
}

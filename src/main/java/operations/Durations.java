package operations;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as an operator writes them: 500ms, 30s, 5m, 2h or 7d. */
final class Durations {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

    private Durations() {}

    /** The length of time, if it is one. */
    static Optional<Duration> parse(String value) {
        return Optional.of(DURATION.matcher(value)).filter(Matcher::matches).map(Durations::of);
    }

    private static Duration of(Matcher matcher) {
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}

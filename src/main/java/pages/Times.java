package pages;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Times as people say them, against a moment that is the same for a whole page.
 *
 * @param now that moment
 */
public record Times(OffsetDateTime now) {
    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT);
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);
    private static final DateTimeFormatter MACHINE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", Locale.ROOT);

    private static final long SECOND = 1000;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    /** Up to which amount of a unit the next smaller one is still said beside it. */
    private static final long SMALL = 10;

    /** To a millisecond, in UTC. */
    public String exact(OffsetDateTime at) {
        return EXACT.format(at.withOffsetSameInstant(ZoneOffset.UTC));
    }

    /** To a second, in UTC. */
    public String exactSecond(OffsetDateTime at) {
        return SECONDS.format(at.withOffsetSameInstant(ZoneOffset.UTC));
    }

    public String machine(OffsetDateTime at) {
        return MACHINE.format(at.withOffsetSameInstant(ZoneOffset.UTC));
    }

    /** In UTC, as a field for a date and time takes it. */
    static String field(OffsetDateTime at) {
        return LOCAL.format(at.withOffsetSameInstant(ZoneOffset.UTC));
    }

    /** Such as {@code 3 min ago}, or {@code in 2 h}; no part of a second, which is over when somebody reads it. */
    public String ago(OffsetDateTime at) {
        Duration passed = Duration.between(at, now);
        if (passed.abs().toMillis() < SECOND) {
            return "just now";
        }
        String said = span(passed.abs().truncatedTo(ChronoUnit.SECONDS));
        return passed.isNegative() ? "in " + said : said + " ago";
    }

    /** Between two moments; empty while one of them has not come. */
    public String between(OffsetDateTime from, OffsetDateTime to) {
        return from == null || to == null ? "" : span(Duration.between(from, to));
    }

    /** Of milliseconds. */
    public static String span(double milliseconds) {
        return span(Duration.ofMillis(Math.round(milliseconds)));
    }

    /** Such as {@code 240 ms}, {@code 3.4 s}, {@code 2 h 5 min}. */
    public static String span(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        long seconds = millis / SECOND;
        if (millis < SECOND) {
            return millis + " ms";
        }
        if (seconds < SMALL) {
            long tenths = millis % SECOND / 100;
            return seconds + (tenths == 0 ? "" : "." + tenths) + " s";
        }
        if (seconds < MINUTE) {
            return seconds + " s";
        }
        if (seconds < HOUR) {
            return two(seconds, MINUTE, "min", 1, "s");
        }
        return seconds < DAY ? two(seconds, HOUR, "h", MINUTE, "min") : two(seconds, DAY, "d", HOUR, "h");
    }

    private static String two(long seconds, long unit, String name, long smaller, String smallerName) {
        long whole = seconds / unit;
        long rest = seconds % unit / smaller;
        return whole >= SMALL || rest == 0 ? whole + " " + name : whole + " " + name + " " + rest + " " + smallerName;
    }
}

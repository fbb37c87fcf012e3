package events;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * When a server says to come again: {@code Retry-After} (RFC 9110, 10.2.3), seconds or a date; finer than that {@code
 * retry-after-ms} (Azure, OpenAI); and of a 429 without either {@code x-ratelimit-reset-requests} and {@code -tokens}
 * (OpenAI's guide on rate limits, Groq): in how long, such as {@code 6m0s}, {@code 2m59.56s} or {@code 12ms}, what is used
 * up is there again in full.
 */
final class RetryAfter {
    /** "At once" would use up every retry before anything can have changed. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Nobody's maintenance takes longer; an absurd value must not park an event for a year. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final int TOO_MANY_REQUESTS = 429;
    private static final Pattern RESET = Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m(?!s))?"
            + "(?:(\\d{1,9}(?:\\.\\d{1,9})?)s)?(?:(\\d{1,9}(?:\\.\\d{1,9})?)ms)?");

    private RetryAfter() {}

    /** How long the server asks to wait, from a second to a day; null when it does not say. */
    static Duration of(HttpOperationFailedException failed, Instant now) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (failed.getResponseHeaders() != null) {
            headers.putAll(failed.getResponseHeaders());
        }
        Duration asked = Stream.of(millis(headers.get("retry-after-ms")), parse(headers.get("Retry-After"), now))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> failed.getStatusCode() == TOO_MANY_REQUESTS ? reset(headers) : null);
        return asked == null ? null : bounded(asked);
    }

    private static Duration millis(String value) {
        return value != null && value.strip().matches("\\d{1,12}(\\.\\d{1,9})?")
                ? Duration.ofMillis((long) Double.parseDouble(value))
                : null;
    }

    private static Duration parse(String header, Instant now) {
        String value = header == null ? "" : header.strip();
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Duration.between(now, date);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** That of what is used up; or of whatever it is, where the server does not say that it is used up. */
    private static Duration reset(Map<String, String> headers) {
        return Stream.of("requests", "tokens")
                .filter(kind -> reset(headers.get("x-ratelimit-reset-" + kind)) != null)
                .sorted(Comparator.comparing(kind -> !"0".equals(headers.get("x-ratelimit-remaining-" + kind))))
                .map(kind -> reset(headers.get("x-ratelimit-reset-" + kind)))
                .findFirst()
                .orElse(null);
    }

    private static Duration reset(String value) {
        String said = value == null ? "" : value.strip();
        // Some say it in seconds, without a unit.
        Matcher reset = RESET.matcher(said.matches("[\\d.]+") ? said + "s" : said);
        if (said.isEmpty() || !reset.matches()) {
            return null;
        }
        double[] seconds = {86_400, 3_600, 60, 1, 0.001};
        double sum = 0;
        for (int unit = 0; unit < seconds.length; unit++) {
            sum += reset.group(unit + 1) == null ? 0 : Double.parseDouble(reset.group(unit + 1)) * seconds[unit];
        }
        return Duration.ofMillis(Math.round(sum * 1000));
    }

    private static Duration bounded(Duration delay) {
        if (delay.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}

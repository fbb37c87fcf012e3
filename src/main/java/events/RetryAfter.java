package events;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;

/** {@code Retry-After} (RFC 9110, 10.2.3): seconds or a date. */
final class RetryAfter {
    /** "At once" would use up every retry before anything can have changed. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Nobody's maintenance takes longer; an absurd value must not park an event for a year. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private RetryAfter() {}

    /** How long the server asks to wait, from a second to a day; null when it does not say. */
    static Duration of(HttpOperationFailedException failed, Instant now) {
        Map<String, String> headers = failed.getResponseHeaders();
        if (headers == null) {
            return null;
        }
        return headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Retry-After"))
                .findFirst()
                .map(header -> parse(header.getValue().strip(), now))
                .orElse(null);
    }

    private static Duration parse(String value, Instant now) {
        if (value.matches("\\d{1,9}")) {
            return bounded(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return bounded(Duration.between(now, date));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Duration bounded(Duration delay) {
        if (delay.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }
}

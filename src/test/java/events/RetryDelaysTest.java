package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryDelaysTest {
    private final MovableClock clock = new MovableClock();
    private final RetryDelays delays = new RetryDelays(List.of(Duration.ofSeconds(10), Duration.ofMinutes(1)), clock);

    private static HttpOperationFailedException asking(String header, String value) {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Age", "7"));
        headers.put(header, value);
        return new HttpOperationFailedException("http://site.test", 503, "", null, headers, "");
    }

    private Duration next(int retries, Throwable failure) {
        return Duration.between(clock.instant(), delays.next(retries, failure));
    }

    private static void assertBetween(Duration least, Duration most, Duration actual) {
        assertTrue(
                actual.compareTo(least) >= 0 && actual.compareTo(most) <= 0,
                () -> actual + " is not between " + least + " and " + most);
    }

    @Test
    void there_are_as_many_retries_as_delays() {
        assertTrue(delays.isLeft(0));
        assertTrue(delays.isLeft(1));
        assertFalse(delays.isLeft(2));
    }

    @Test
    void each_retry_has_its_delay_and_up_to_a_fifth_more() {
        Set<Duration> seen = new HashSet<>();
        for (int time = 0; time < 200; time++) {
            assertBetween(Duration.ofSeconds(10), Duration.ofSeconds(12), next(0, new IOException("reset")));
            seen.add(next(1, new IOException("reset")));
        }
        seen.forEach(delay -> assertBetween(Duration.ofSeconds(60), Duration.ofSeconds(72), delay));
        assertTrue(seen.size() > 100, "events that failed together do not come back together");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Retry-After", "retry-after"})
    void a_server_that_says_when_is_obeyed_and_up_to_a_second_later_asked(String header) {
        Set<Duration> seen = new HashSet<>();
        for (int time = 0; time < 200; time++) {
            Duration delay = next(0, asking(header, "120"));
            assertBetween(Duration.ofSeconds(120), Duration.ofSeconds(121), delay);
            seen.add(delay);
        }
        assertTrue(seen.size() > 100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sat, 31 Jan 2026 09:31:30 GMT | 90",
                "Sat, 31 Jan 2026 09:00:00 GMT | 1",
                "0                             | 1",
                "86400                         | 86400",
                "86401                         | 86400",
                "999999999                     | 86400",
            })
    void it_says_so_in_seconds_or_by_a_date_from_a_second_to_a_day(String value, long seconds) {
        assertBetween(
                Duration.ofSeconds(seconds), Duration.ofSeconds(seconds + 1), next(0, asking("Retry-After", value)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry-after-ms=2500, Retry-After=60 | 2500",
                "retry-after-ms=20 | 1000",
                "x-ratelimit-reset-requests=1s, x-ratelimit-reset-tokens=6m0s, x-ratelimit-remaining-tokens=0 | 360000",
                "x-ratelimit-reset-requests=2m59.56s, x-ratelimit-remaining-requests=0, x-ratelimit-reset-tokens=7.66s | 179560",
                "X-RateLimit-Reset-Tokens=1500ms | 1500",
                "x-ratelimit-reset-requests=1h2m3s | 3723000",
                "x-ratelimit-reset-requests=3 | 3000",
                "x-ratelimit-reset-requests=2d | 86400000",
                "x-ratelimit-reset-requests=soon, Retry-After=4 | 4000",
            })
    void a_server_that_limits_rates_says_so_in_its_own_way(String headers, long millis) {
        Map<String, String> said = new LinkedHashMap<>();
        for (String header : headers.split(", ")) {
            said.put(header.split("=")[0], header.split("=")[1]);
        }
        Throwable limited = new HttpOperationFailedException("http://ai.test", 429, "", null, said, "");
        assertBetween(Duration.ofMillis(millis), Duration.ofMillis(millis + 1000), next(0, limited));
    }

    @Test
    void a_limit_that_was_not_met_is_no_reason_to_wait() {
        Map<String, String> said = Map.of("x-ratelimit-reset-tokens", "6m0s");
        Throwable ill = new HttpOperationFailedException("http://ai.test", 500, "", null, said, "");
        assertBetween(Duration.ofSeconds(10), Duration.ofSeconds(12), next(0, ill));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5", "9999999999"})
    void what_nobody_can_read_is_ignored(String value) {
        assertBetween(Duration.ofSeconds(10), Duration.ofSeconds(12), next(0, asking("Retry-After", value)));
    }

    @Test
    void an_answer_without_headers_has_the_configured_delay() {
        Throwable failure = new HttpOperationFailedException("http://site.test", 503, "", null, null, "");
        assertBetween(Duration.ofSeconds(10), Duration.ofSeconds(12), next(0, failure));
        assertEquals(clock.instant(), Instant.parse("2026-01-31T09:30:00Z"));
    }
}

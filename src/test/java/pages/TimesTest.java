package pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-01-31T09:30:00Z");
    private final Times times = new Times(NOW);

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.24S, 240 ms",
        "PT3.49S, 3.4 s",
        "PT4.04S, 4 s",
        "PT59S, 59 s",
        "PT1M, 1 min",
        "PT1M47S, 1 min 47 s",
        "PT12M30S, 12 min",
        "PT2H5M, 2 h 5 min",
        "P1DT3H, 1 d 3 h",
        "P40D, 40 d"
    })
    void a_span_is_said_in_two_units_at_most(Duration duration, String said) {
        assertEquals(said, Times.span(duration));
    }

    @Test
    void a_moment_is_said_from_now() {
        assertEquals("just now", times.ago(NOW));
        assertEquals("3 s ago", times.ago(NOW.minusNanos(3_400_000_000L)));
        assertEquals("3 min ago", times.ago(NOW.minusMinutes(3)));
        assertEquals("in 2 h", times.ago(NOW.plusHours(2)));
    }

    @Test
    void exactly_it_is_said_in_utc() {
        assertEquals("2026-01-31 08:30:00.000 UTC", times.exact(OffsetDateTime.parse("2026-01-31T09:30:00+01:00")));
    }

    @Test
    void what_has_not_ended_took_no_time_yet() {
        assertEquals("", times.between(NOW, null));
    }
}

package pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pages.Chart.Bar;
import pages.Chart.Series;

class ChartTest {
    private static final OffsetDateTime BEGIN = OffsetDateTime.parse("2026-01-31T09:30:00Z");

    private static Chart chart(boolean isBars, boolean isTime, Series... series) {
        List<OffsetDateTime> times = IntStream.range(0, series[0].values().size())
                .mapToObj(BEGIN::plusMinutes)
                .toList();
        return new Chart("id", "Title", times, List.of(series), isBars, isTime);
    }

    private static Series series(String name, Double... values) {
        return new Series(name, name, Arrays.asList(values));
    }

    @Test
    void bars_stand_on_each_other_below_a_round_number() {
        Chart chart = chart(true, false, series("a", 30.0, 0.0), series("b", 20.0, 50.0));
        assertEquals(List.of("50", "25", "0"), chart.scale());
        assertEquals(
                List.of(
                        new Bar("a", "50.0", "40.0", "400.0", "60.0"),
                        new Bar("b", "50.0", "0.0", "400.0", "40.0"),
                        new Bar("b", "550.0", "0.0", "400.0", "100.0")),
                chart.bars());
    }

    @Test
    void there_is_no_half_an_event() {
        assertEquals(List.of("5", "0"), chart(true, false, series("a", 5.0)).scale());
    }

    @Test
    void a_line_has_a_gap_where_nothing_is_known() {
        Series series = series("p50", 100.0, null, 50.0, 0.0);
        assertEquals(
                "M125.0 0.0h62.5M625.0 50.0h62.5L875.0 100.0",
                chart(false, true, series).line(series));
    }

    @Test
    void a_time_is_said_as_a_time() {
        Chart chart = chart(false, true, series("p50", 240.0), series("p95", 1500.0));
        assertEquals(List.of("2 s", "1 s", "0 s"), chart.scale());
        assertEquals("09:30 UTC: p50 240 ms, p95 1.5 s", chart.moments().get(0).says());
        assertEquals("p50: at most 240 ms; p95: at most 1.5 s", chart.summary());
    }

    @Test
    void where_nothing_was_nothing_is_drawn() {
        assertTrue(chart(false, false, series("a", null, null)).isEmpty());
        Chart zeros = chart(true, false, series("a", 0.0, 0.0));
        assertFalse(zeros.isEmpty());
        assertEquals(List.of(), zeros.bars());
        assertEquals(List.of("1", "0"), zeros.scale());
    }
}

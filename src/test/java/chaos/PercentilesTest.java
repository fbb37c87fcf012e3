package chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {
    @Test
    void a_percentile_is_the_smallest_sample_that_so_many_are_not_above() {
        Percentiles hundred = new Percentiles(
                IntStream.rangeClosed(1, 100).mapToObj(Double::valueOf).toList());
        assertEquals(99, hundred.at(99));
        assertEquals(50, hundred.median());
        assertEquals(100, hundred.max());
        assertEquals(3, new Percentiles(List.of(5.0, 1.0, 3.0)).median());
        assertEquals(7, new Percentiles(List.of(7.0)).at(1));
        assertEquals(0, new Percentiles(List.of()).at(99));
    }
}

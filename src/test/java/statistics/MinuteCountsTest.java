package statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import events.MovableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MinuteCountsTest {
    private static final int THREADS = 4;
    private static final int MINUTES = 5;
    private static final int TIMES = 20_000;

    private final MovableClock clock = new MovableClock();
    private final MinuteCounts counts = new MinuteCounts(clock);
    private final Map<String, Long> written = new HashMap<>();

    @Test
    void what_several_threads_count_while_it_is_written_down_is_neither_lost_nor_counted_twice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int minute = 0; minute < MINUTES; minute++) {
                List<Future<?>> counting = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    counting.add(threads.submit(this::count));
                }
                do {
                    write();
                } while (!counting.stream().allMatch(Future::isDone));
                for (Future<?> each : counting) {
                    each.get();
                }
                clock.advance(Duration.ofMinutes(1));
            }
        } finally {
            threads.shutdownNow();
        }
        write();
        long all = (long) THREADS * MINUTES * TIMES;
        assertEquals(Map.of(MinuteCounts.ALL, all, "even", all / 2, "odd", all / 2), written);
        clock.advance(Duration.ofHours(2));
        write();
        assertEquals(Map.of(), counts.unwritten());
    }

    private void count() {
        for (int time = 0; time < TIMES; time++) {
            counts.count(time % 2 == 0 ? "even" : "odd", EventCounts.DONE);
        }
    }

    private void write() {
        Map<MinuteCounts.Cell, Long> unwritten = counts.unwritten();
        unwritten.forEach((cell, number) -> written.merge(cell.site(), number, Long::sum));
        counts.wrote(unwritten);
    }
}

package metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    /** Of the source, that have begun and not ended. */
    private final Queue<Runnable> readings = new ArrayDeque<>();

    private boolean isHanging;
    private int waits;

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Sampler<Integer> sampler(Supplier<Integer> source) {
        return new Sampler<>(source, readings::add, nanos::get, this::await);
    }

    /** While somebody waits, the source answers; or time passes. */
    private void await(Future<Void> reading, Duration atMost) throws TimeoutException {
        waits++;
        if (isHanging) {
            pass(atMost);
            throw new TimeoutException();
        }
        readings.remove().run();
    }

    @Test
    void however_often_one_looks_the_source_is_asked_once_in_a_while() {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Sampler<Integer> sampler = new Sampler<>(asked::incrementAndGet, executor, nanos::get);
            IntStream.range(0, 100).parallel().forEach(i -> sampler.latest());
            assertEquals(Optional.of(1), sampler.latest());
            pass(Duration.ofSeconds(3));
            assertEquals(Optional.of(2), sampler.latest());
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void one_that_takes_long_is_asked_seldom() {
        Sampler<Integer> sampler = sampler(() -> {
            pass(Duration.ofMillis(200));
            return asked.incrementAndGet();
        });
        assertEquals(Optional.of(1), sampler.latest());
        pass(Duration.ofSeconds(9));
        assertEquals(Optional.of(1), sampler.latest());
        pass(Duration.ofSeconds(1));
        assertEquals(Optional.of(2), sampler.latest());
    }

    @Test
    void one_that_fails_is_not_known_until_it_answers_again() {
        Sampler<Integer> sampler = sampler(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("away");
            }
            return asked.get();
        });
        assertEquals(Optional.empty(), sampler.latest());
        pass(Duration.ofSeconds(3));
        assertEquals(Optional.of(2), sampler.latest());
    }

    @Test
    void one_that_answers_slowly_holds_up_no_look_after_the_first() {
        Sampler<Integer> sampler = sampler(() -> {
            pass(Duration.ofMillis(600));
            return asked.incrementAndGet();
        });
        assertEquals(Optional.of(1), sampler.latest());
        pass(Duration.ofSeconds(31));
        assertEquals(Optional.of(1), sampler.latest());
        assertEquals(1, waits);
        readings.remove().run();
        assertEquals(Optional.of(2), sampler.latest());
    }

    @Test
    void one_that_hangs_holds_up_one_look_for_a_moment_and_no_other() {
        Sampler<Integer> sampler = sampler(asked::incrementAndGet);
        assertEquals(Optional.of(1), sampler.latest());
        pass(Duration.ofSeconds(3));
        isHanging = true;
        assertEquals(Optional.of(1), sampler.latest(), "what was known is still good");
        assertEquals(2, waits);
        IntStream.range(0, 100).forEach(i -> sampler.latest());
        assertEquals(2, waits, "nobody waits for it again");
        pass(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), sampler.latest(), "nobody knows any more");
        assertEquals(1, readings.size());
        readings.remove().run();
        assertEquals(Optional.of(2), sampler.latest());
        pass(Duration.ofSeconds(3));
        isHanging = false;
        assertEquals(Optional.of(3), sampler.latest());
        assertEquals(3, waits, "it is quick again, so who looks waits");
    }
}

package metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void however_often_one_looks_the_source_is_asked_once_in_a_while() {
        Sampler<Integer> sampler = new Sampler<>(asked::incrementAndGet, executor, nanos::get);
        IntStream.range(0, 100).parallel().forEach(i -> sampler.latest());
        assertEquals(Optional.of(1), sampler.latest());
        pass(Duration.ofSeconds(3));
        assertEquals(Optional.of(2), sampler.latest());
    }

    @Test
    void one_that_takes_long_is_asked_seldom() {
        Sampler<Integer> sampler = new Sampler<>(
                () -> {
                    pass(Duration.ofMillis(200));
                    return asked.incrementAndGet();
                },
                executor,
                nanos::get);
        assertEquals(Optional.of(1), sampler.latest());
        pass(Duration.ofSeconds(9));
        assertEquals(Optional.of(1), sampler.latest());
        pass(Duration.ofSeconds(1));
        assertEquals(Optional.of(2), sampler.latest());
    }

    @Test
    void one_that_fails_is_not_known_until_it_answers_again() {
        Sampler<Integer> sampler = new Sampler<>(
                () -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("away");
                    }
                    return asked.get();
                },
                executor,
                nanos::get);
        assertEquals(Optional.empty(), sampler.latest());
        pass(Duration.ofSeconds(3));
        assertEquals(Optional.of(2), sampler.latest());
    }

    @Test
    void one_that_answers_slowly_holds_up_no_look_after_the_first() {
        CountDownLatch isBack = new CountDownLatch(1);
        Sampler<Integer> sampler = new Sampler<>(
                () -> {
                    if (asked.incrementAndGet() > 1) {
                        Awaitility.await().until(() -> isBack.getCount() == 0);
                    }
                    pass(Duration.ofMillis(600));
                    return asked.get();
                },
                executor,
                nanos::get);
        assertEquals(Optional.of(1), sampler.latest());
        pass(Duration.ofSeconds(31));
        assertTimeout(Duration.ofMillis(400), () -> assertEquals(Optional.of(1), sampler.latest()));
        isBack.countDown();
        Awaitility.await().until(() -> sampler.latest().equals(Optional.of(2)));
    }

    @Test
    void one_that_hangs_holds_up_one_look_for_a_moment_and_no_other() throws Exception {
        CountDownLatch isBack = new CountDownLatch(1);
        Sampler<Integer> sampler = new Sampler<>(
                () -> {
                    if (asked.incrementAndGet() > 1) {
                        Awaitility.await().until(() -> isBack.getCount() == 0);
                    }
                    return asked.get();
                },
                executor,
                nanos::get);
        assertEquals(Optional.of(1), sampler.latest());
        pass(Duration.ofSeconds(3));
        assertEquals(Optional.of(1), sampler.latest(), "what was known is still good");
        assertTimeout(Duration.ofMillis(400), () -> IntStream.range(0, 100).forEach(i -> sampler.latest()));
        pass(Duration.ofMinutes(1));
        assertFalse(sampler.latest().isPresent(), "nobody knows any more");
        isBack.countDown();
        Awaitility.await().until(() -> sampler.latest().isPresent());
        assertEquals(2, asked.get());
    }
}

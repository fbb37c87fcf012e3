package metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what gauges show that has to be asked for, such as of the database: however many look at them and however often,
 * it is asked once in a while, on another thread. A source that is away fails no scrape and holds none up for long.
 */
public final class Sampler<T> {
    private static final long FRESH = Duration.ofSeconds(2).toNanos();
    /** What takes long is asked for seldom: a fiftieth of the time goes into it, as with the backlog that intake knows. */
    private static final long REST_FACTOR = 50;

    private static final long LONGEST_REST = Duration.ofMinutes(1).toNanos();
    /** What is overdue for longer says nothing any more. */
    private static final long LATEST = Duration.ofSeconds(15).toNanos();
    /** How long who looks waits for a new value; after the first time in vain nobody does until the source is quick again. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

    private final Supplier<T> source;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final Waiting waiting;
    private final AtomicReference<CompletableFuture<Void>> reading = new AtomicReference<>();
    private volatile Sample<T> latest;
    private volatile boolean isPatient = true;

    /** How who looks waits for a reading that is under way. */
    @FunctionalInterface
    interface Waiting {
        void await(Future<Void> reading, Duration atMost)
                throws TimeoutException, InterruptedException, ExecutionException;
    }

    /** @param value null: it could not be had; @param rest how long it does, in nanoseconds */
    private record Sample<T>(T value, long at, long rest) {
        boolean isOld(long now) {
            return now - at >= rest;
        }

        boolean isTrusted(long now) {
            return now - at < rest + LATEST;
        }
    }

    /**
     * @param source may take its time, and throw
     * @param executor asks it
     * @param nanoTime a clock that nobody sets
     */
    public Sampler(Supplier<T> source, Executor executor, LongSupplier nanoTime) {
        this(source, executor, nanoTime, (reading, atMost) -> reading.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
    }

    Sampler(Supplier<T> source, Executor executor, LongSupplier nanoTime, Waiting waiting) {
        this.source = source;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.waiting = waiting;
    }

    /** The value as of some seconds ago; empty while it cannot be had. */
    public Optional<T> latest() {
        Sample<T> known = latest;
        if (known == null || known.isOld(nanoTime.getAsLong())) {
            refresh();
            known = latest;
        }
        return known != null && known.isTrusted(nanoTime.getAsLong())
                ? Optional.ofNullable(known.value())
                : Optional.empty();
    }

    private void refresh() {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> running = reading.compareAndExchange(null, mine);
        if (running == null) {
            running = mine;
            try {
                executor.execute(() -> read(mine));
            } catch (RejectedExecutionException e) {
                finished(mine); // The relay is stopping.
            }
        }
        if (isPatient) {
            await(running);
        }
    }

    private void await(CompletableFuture<Void> running) {
        try {
            waiting.await(running, PATIENCE);
        } catch (TimeoutException e) {
            isPatient = false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reading completes normally", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(CompletableFuture<Void> mine) {
        long start = nanoTime.getAsLong();
        T value = null;
        try {
            value = source.get();
        } catch (RuntimeException e) {
            LOG.debug("What gauges show could not be had", e);
        } finally {
            long now = nanoTime.getAsLong();
            long rest = value == null ? FRESH : Math.max(FRESH, Math.min((now - start) * REST_FACTOR, LONGEST_REST));
            latest = new Sample<>(value, now, rest);
            isPatient = now - start < PATIENCE.toNanos();
            finished(mine);
        }
    }

    private void finished(CompletableFuture<Void> mine) {
        reading.set(null);
        mine.complete(null);
    }
}

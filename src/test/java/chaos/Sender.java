package chaos;

import chaos.Answers.Answer;
import chaos.SampleEvents.SampleEvent;
import chaos.Wire.Reply;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A sender with an outbox, as the plugin is one. New events are due at a constant rate, whatever the relay does (an open
 * loop: a relay that stalls does not slow down the load that it is measured under). One in ten is sent twice, half of
 * these at the same moment. What got no answer, 429 or 5xx stays in the outbox and goes again, beside the new events.
 */
final class Sender implements AutoCloseable {
    private static final Set<Integer> FINAL = Set.of(400, 401, 403, 409, 413, 415, 422);
    private static final int TWICE_EVERY = 10;
    private static final int AT_ONCE_EVERY = 20;
    private static final long SECOND_AFTER_MILLIS = 200;
    /** While the intake refuses, the new events show when it is back; without new ones, the outbox tries. */
    private static final long PROBE_NANOS = Duration.ofMillis(250).toNanos();

    private final Wire wire;
    private final Ledger ledger;
    private final SampleEvents events;
    private volatile long interval;
    private final Answers answers = new Answers();
    private final Queue<SampleEvent> outbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicLong fresh = new AtomicLong();
    private final Thread thread = new Thread(this::run, "sender");
    private volatile boolean isSending = true;
    private volatile boolean hasStopped;
    private volatile boolean isClosed;
    private volatile boolean isOpen = true;
    private long probed;

    /** @param rate new events a second */
    Sender(Wire wire, Ledger ledger, SampleEvents events, double rate) {
        this.wire = wire;
        this.ledger = ledger;
        this.events = events;
        rate(rate);
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
    }

    private void run() {
        long intended = System.nanoTime();
        for (long number = 0; !isClosed; number++, intended += interval) {
            for (long left = intended - System.nanoTime(); left > 0; left = intended - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            if (isSending) {
                sendFresh(intended);
            } else {
                hasStopped = true;
            }
            if (!isSending || number % 2 == 0) {
                sendFromOutbox();
            }
        }
    }

    private void sendFresh(long intended) {
        SampleEvent event = events.next();
        long number = fresh.getAndIncrement();
        ledger.sent(event.key(), event.target());
        attempt(event, intended, true);
        if (number % AT_ONCE_EVERY == 0) {
            attempt(event, intended, true);
        } else if (number % TWICE_EVERY == 0) {
            inFlight.incrementAndGet();
            CompletableFuture.delayedExecutor(SECOND_AFTER_MILLIS, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        attempt(event, System.nanoTime(), true);
                        inFlight.decrementAndGet();
                    });
        }
    }

    private void sendFromOutbox() {
        long now = System.nanoTime();
        if (!isOpen && now - probed < PROBE_NANOS) {
            return;
        }
        inFlight.incrementAndGet(); // so that at no moment an event is neither here nor there
        SampleEvent event = outbox.poll();
        if (event != null) {
            probed = now;
            attempt(event, now, false);
        }
        inFlight.decrementAndGet();
    }

    private void attempt(SampleEvent event, long intended, boolean isFresh) {
        inFlight.incrementAndGet();
        wire.post(event).whenComplete((reply, failure) -> {
            Reply told = reply == null ? Reply.NO_ANSWER : reply;
            answers.add(new Answer(intended, System.nanoTime(), told.status(), told.retryAfter() != null, isFresh));
            take(event, told.status());
            inFlight.decrementAndGet();
        });
    }

    /** As the contract (section 1) and the plugin have it: what is wrong with the request is final, all else is retried. */
    private void take(SampleEvent event, int status) {
        isOpen = status == 202;
        if (status == 202) {
            ledger.acknowledged(event.key());
        } else if (FINAL.contains(status)) {
            refused.incrementAndGet();
        } else {
            outbox.add(event);
        }
    }

    /** @param rate new events a second, from now on */
    void rate(double rate) {
        interval = (long) (TimeUnit.SECONDS.toNanos(1) / rate);
    }

    /** No new events from now on; the outbox goes on. */
    void stop() {
        isSending = false;
    }

    /** Whether it has stopped and all is answered and delivered. */
    boolean isIdle() {
        return hasStopped && outbox.isEmpty() && inFlight.get() == 0;
    }

    int waiting() {
        return outbox.size();
    }

    /** Answers that no retry mends, to requests that have nothing wrong: there should be none. */
    int refused() {
        return refused.get();
    }

    Answers answers() {
        return answers;
    }

    @Override
    public void close() throws InterruptedException {
        isClosed = true;
        thread.join();
    }
}

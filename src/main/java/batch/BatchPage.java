package batch;

import events.BatchItems.Item;
import events.Event;
import events.HeldBack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The part of a batch that one attempt works on, by several threads. It is kept short, since a worker has no time for
 * others meanwhile: what is not begun within some seconds is left to the next attempt.
 */
final class BatchPage {
    /** How many posts or comments are fetched in one request, which may be 100 KB each. */
    static final int MOST = 20;

    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final Event event;
    private final Map<Long, Item> items;
    private final long start = System.nanoTime();
    private final AtomicBoolean isBegun = new AtomicBoolean();
    private final AtomicBoolean hasGotOn = new AtomicBoolean();
    private final AtomicReference<Throwable> halt = new AtomicReference<>();

    BatchPage(Event event, List<Item> items) {
        this.event = event;
        this.items = items.stream().collect(Collectors.toMap(Item::id, Function.identity()));
    }

    /** As it was claimed for this attempt. */
    Event event() {
        return event;
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    List<Long> ids() {
        return items.keySet().stream().sorted().toList();
    }

    Item item(long id) {
        return items.get(id);
    }

    /** Whether there is time for one more item. There is for the first: each attempt gets on. */
    boolean takesAnother() {
        if (halt.get() != null) {
            return false;
        }
        return !isBegun.getAndSet(true) || System.nanoTime() - start < LONGEST.toNanos();
    }

    /**
     * Begins no other item. Those that are worked on come to their end. Of several failures the first counts, but one
     * that is an answer before those who are held back by it: of a site's 401s SiteGuard lets one through.
     */
    void halt(Throwable failure) {
        halt.accumulateAndGet(
                failure,
                (before, now) ->
                        before == null || before instanceof HeldBack && !(now instanceof HeldBack) ? now : before);
    }

    /** An item came to its end, or to its next try. */
    void getsOn() {
        hasGotOn.set(true);
    }

    boolean hasGotOn() {
        return hasGotOn.get();
    }

    /** Throws the failure that halted it, if one has. */
    void check() throws Exception {
        Throwable failure = halt.get();
        if (failure instanceof Exception exception) {
            throw exception;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }
}

package events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.dao.QueryTimeoutException;

/**
 * What many threads want to write at the same time is written in one transaction, since a commit costs about the same
 * for one row as for a hundred. Each caller is answered when its own row is committed. Nobody waits for company: a lone
 * caller writes at once, and who comes meanwhile is in the next group, which the first of them writes.
 *
 * @param <T> what is written
 * @param <R> what its caller is answered
 */
final class GroupCommit<T, R> {
    private static final int LARGEST_GROUP = 256;
    /** A group that meets a row which somebody else has locked takes 5 s (operations.Database); a request has 8. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(6);
    /** Longer than any time-out of the database, which says more. */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(15);

    private final Comparator<T> order;
    private final Function<List<T>, List<R>> write;
    private final Queue<Entry<T, R>> waiting = new ArrayDeque<>();
    /** Who writes a group, or is to write the next; null while nobody does. */
    private Entry<T, R> called;

    /**
     * @param answer null for a caller who is to write alone, on its own thread
     * @param turn comes to a caller who waits, when there is an answer or when it is to write the next group
     * @param writer of the group, for a caller who does not wait; else null
     */
    private record Entry<T, R>(T item, CompletableFuture<R> answer, CompletableFuture<Void> turn, Executor writer) {
        Entry(T item, Executor writer) {
            this(item, new CompletableFuture<>(), new CompletableFuture<>(), writer);
        }

        boolean isAwaited() {
            return writer == null;
        }

        /** The relay may stop: on this thread then. */
        void execute(Runnable task) {
            try {
                writer.execute(task);
            } catch (RejectedExecutionException e) {
                task.run();
            }
        }
    }

    /**
     * @param order of the rows, the same in every relay, so that none waits for another that waits for it; what is
     *     equal is one row, and a group has each once
     * @param write writes a group in one transaction, and answers in the same order
     */
    GroupCommit(Comparator<T> order, Function<List<T>, List<R>> write) {
        this.order = order;
        this.write = write;
    }

    /**
     * Has it written, on this thread or on that of another caller, and waits until it is committed. Not to be called
     * inside a transaction. Throws what its write threw; after that, whether it is written is not known, as with any
     * commit that failed.
     *
     * @throws QueryTimeoutException when the writes before it do not come to an end
     */
    R write(T item) {
        Entry<T, R> entry = new Entry<>(item, null);
        if (isFirst(entry) || isMyTurn(entry)) {
            writeNext();
        }
        try {
            R answer = entry.answer().join();
            return answer == null ? writeAlone(item) : answer;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /**
     * As {@link #write}, and waits for nothing.
     *
     * @param writer writes groups, and answers there; with two threads the next group is written while the callers of
     *     the last go on
     * @param answered is given what {@link #write} would return, or null and what it would throw: on a thread of the
     *     writer, or on another when that has stopped or hangs
     */
    void writeLater(T item, Executor writer, BiConsumer<R, Throwable> answered) {
        Entry<T, R> entry = new Entry<>(item, writer);
        entry.answer().whenComplete(answered);
        if (isFirst(entry)) {
            entry.execute(this::writeNext);
        } else {
            entry.answer()
                    .copy()
                    .orTimeout(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(late -> giveUp(entry));
        }
    }

    private R writeAlone(T item) {
        return write.apply(List.of(item)).get(0);
    }

    /** How many are not in a group yet. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    private boolean isFirst(Entry<T, R> entry) {
        synchronized (waiting) {
            waiting.add(entry);
            if (called != null) {
                return false;
            }
            called = entry;
            return true;
        }
    }

    /** @return whether it was in no group yet, nor the one who writes the next */
    private boolean isWithdrawn(Entry<T, R> entry) {
        synchronized (waiting) {
            return called != entry && waiting.remove(entry);
        }
    }

    private R giveUp(Entry<T, R> entry) {
        if (isWithdrawn(entry)) {
            entry.answer().completeExceptionally(hangs());
        }
        return null;
    }

    /** @return false when somebody else has written it */
    private boolean isMyTurn(Entry<T, R> entry) {
        if (!comes(entry.turn(), LONGEST_WAIT)) {
            if (isWithdrawn(entry)) {
                throw hangs();
            }
            if (!comes(entry.turn(), LONGEST_WRITE)) {
                throw hangs();
            }
        }
        return !entry.answer().isDone();
    }

    private static boolean comes(CompletableFuture<Void> turn, Duration longest) {
        try {
            turn.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails a turn", e);
        }
    }

    private static QueryTimeoutException hangs() {
        return new QueryTimeoutException("the writes before this one do not come to an end");
    }

    private void writeNext() {
        List<Entry<T, R>> group = List.of();
        Consumer<Entry<T, R>> outcome = entry -> {};
        try {
            group = next();
            outcome = write(group);
        } finally {
            try {
                handOver();
            } finally {
                group.forEach(outcome);
            }
        }
    }

    /** The one who calls it is among them: the first that waits. */
    private List<Entry<T, R>> next() {
        TreeMap<T, Entry<T, R>> group = new TreeMap<>(order);
        synchronized (waiting) {
            while (group.size() < LARGEST_GROUP
                    && !waiting.isEmpty()
                    && group.putIfAbsent(waiting.peek().item(), waiting.peek()) == null) {
                waiting.remove();
            }
        }
        return new ArrayList<>(group.values());
    }

    private void handOver() {
        Entry<T, R> next;
        synchronized (waiting) {
            next = waiting.peek();
            called = next;
            if (next != null && next.isAwaited()) {
                next.turn().complete(null); // Within: one that gives up sees that it is called only when it is.
            }
        }
        if (next != null && !next.isAwaited()) {
            next.execute(this::writeNext);
        }
    }

    /** @return what tells each of them what has come of it */
    private Consumer<Entry<T, R>> write(List<Entry<T, R>> group) {
        try {
            Iterator<R> answers =
                    write.apply(group.stream().map(Entry::item).toList()).iterator();
            return entry -> {
                entry.answer().complete(answers.next());
                entry.turn().complete(null);
            };
        } catch (RuntimeException | Error e) {
            boolean isOneOfThem = group.size() > 1 && (!EventLogHealth.isAway(e) || EventLogHealth.isLocked(e));
            // The others have nothing to do with it: each tries by itself, beside the next group.
            return isOneOfThem ? this::tryAlone : entry -> fail(entry, e);
        }
    }

    private void tryAlone(Entry<T, R> entry) {
        if (entry.isAwaited()) {
            entry.answer().complete(null);
            entry.turn().complete(null);
            return;
        }
        entry.execute(() -> {
            try {
                entry.answer().complete(writeAlone(entry.item()));
            } catch (RuntimeException | Error e) {
                fail(entry, e);
            }
        });
    }

    private void fail(Entry<T, R> entry, Throwable reason) {
        entry.answer().completeExceptionally(reason);
        entry.turn().complete(null);
    }
}

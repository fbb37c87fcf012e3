package events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * What many threads want to write at the same time is written in one transaction, since a commit costs about the same
 * for one row as for a hundred. Each caller is answered when its own row is durable. Nobody waits for company: a lone
 * caller writes at once, and who comes meanwhile is in the next group, which the first of them writes.
 *
 * @param <T> what is written
 * @param <R> what its caller is answered
 */
final class GroupCommit<T, R> {
    private static final int LARGEST_GROUP = 256;

    private final Function<T, ?> row;
    private final Function<List<T>, List<R>> write;
    private final Queue<Entry<T, R>> waiting = new ArrayDeque<>();
    private boolean isWriting;

    /**
     * @param answer of the write
     * @param turn has come when there is an answer, and to the one who writes the next group
     */
    private record Entry<T, R>(T item, CompletableFuture<R> answer, CompletableFuture<Void> turn) {
        Entry(T item) {
            this(item, new CompletableFuture<>(), new CompletableFuture<>());
        }
    }

    /**
     * @param row what tells apart the rows that are written: a group has each once
     * @param write writes a group in one transaction, and answers in the same order
     */
    GroupCommit(Function<T, ?> row, Function<List<T>, List<R>> write) {
        this.row = row;
        this.write = write;
    }

    /**
     * Writes it and waits until it is durable. Throws what its write threw; after that, whether it is written is not
     * known, as with any commit that failed.
     */
    R write(T item) {
        Entry<T, R> entry = new Entry<>(item);
        if (!isFirst(entry)) {
            entry.turn().join();
        }
        if (!entry.answer().isDone()) {
            writeNext();
        }
        try {
            return entry.answer().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
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
            boolean isFirst = !isWriting;
            isWriting = true;
            return isFirst;
        }
    }

    private void writeNext() {
        List<Entry<T, R>> group = next();
        try {
            write(group);
        } finally {
            handOver();
            group.forEach(entry -> entry.turn().complete(null));
        }
    }

    /** The one who calls it is the first of them. */
    private List<Entry<T, R>> next() {
        List<Entry<T, R>> group = new ArrayList<>();
        Set<Object> rows = new HashSet<>();
        synchronized (waiting) {
            while (group.size() < LARGEST_GROUP
                    && !waiting.isEmpty()
                    && rows.add(row.apply(waiting.peek().item()))) {
                group.add(waiting.remove());
            }
        }
        return group;
    }

    private void handOver() {
        Entry<T, R> next;
        synchronized (waiting) {
            next = waiting.peek();
            isWriting = next != null;
        }
        if (next != null) {
            next.turn().complete(null);
        }
    }

    private void write(List<Entry<T, R>> group) {
        try {
            List<R> answers = write.apply(group.stream().map(Entry::item).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) {
            if (group.size() == 1 || EventLogHealth.isAway(e) && !EventLogHealth.isLocked(e)) {
                group.forEach(entry -> entry.answer().completeExceptionally(e));
            } else {
                // One of them is not to be written; the others have nothing to do with it.
                group.forEach(entry -> write(List.of(entry)));
            }
        }
    }
}

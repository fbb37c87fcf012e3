package events;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.apache.camel.support.service.ServiceSupport;
import org.springframework.dao.ConcurrencyFailureException;

/**
 * What many threads want to write at the same time is written in one transaction, since a commit costs about the same
 * for one row as for a hundred. Each caller is answered when its own row is durable. Nobody waits for company: a lone
 * caller is a group of one, and who comes while a group is written is in the next.
 *
 * @param <T> what is written
 * @param <R> what its caller is answered
 */
final class GroupCommit<T, R> extends ServiceSupport {
    private static final int LARGEST_GROUP = 256;

    private final BlockingQueue<Entry<T, R>> waiting = new LinkedBlockingQueue<>();
    private final String name;
    private final Function<List<T>, List<R>> write;
    private volatile boolean isClosed = true;

    private record Entry<T, R>(T item, CompletableFuture<R> answer) {}

    /**
     * @param name of the thread that writes
     * @param write writes a group in one transaction, and answers in the same order
     */
    GroupCommit(String name, Function<List<T>, List<R>> write) {
        this.name = name;
        this.write = write;
    }

    @Override
    protected void doStart() {
        isClosed = false;
        Thread writer = new Thread(this::run, name);
        writer.setDaemon(true);
        writer.start();
    }

    /**
     * Writes it and waits until it is durable. Throws what its write threw; after that, whether it is written is not
     * known, as with any commit that failed.
     */
    R write(T item) {
        Entry<T, R> entry = new Entry<>(item, new CompletableFuture<>());
        waiting.add(entry);
        if (isClosed) {
            failAll(List.of(entry), new EventLogAway());
        }
        try {
            return entry.answer().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** How many are not in a group yet. */
    int waiting() {
        return waiting.size();
    }

    private void run() {
        List<Entry<T, R>> group = new ArrayList<>();
        try {
            group.add(waiting.take());
            while (!isClosed) {
                waiting.drainTo(group, LARGEST_GROUP - 1);
                write(group);
                group.clear();
                group.add(waiting.take());
            }
        } catch (InterruptedException e) {
            isClosed = true; // by nobody of ours
        }
        waiting.drainTo(group);
        failAll(group, new EventLogAway());
    }

    private void write(List<Entry<T, R>> group) {
        try {
            List<R> answers = write.apply(group.stream().map(Entry::item).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) {
            if (group.size() == 1 || EventLogHealth.isAway(e) && !(e instanceof ConcurrencyFailureException)) {
                failAll(group, e);
            } else {
                // One of them is not to be written; the others have nothing to do with it.
                group.forEach(entry -> write(List.of(entry)));
            }
        }
    }

    private static <T, R> void failAll(List<Entry<T, R>> group, Throwable failure) {
        group.forEach(entry -> entry.answer().completeExceptionally(failure));
    }

    @Override
    protected void doStop() {
        isClosed = true;
        // Wakes the writer. Interrupted in the middle of a write, it would close H2's file under everybody else.
        waiting.add(new Entry<>(null, new CompletableFuture<>()));
    }
}

package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;

@Timeout(20)
class GroupCommitTest {
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final ExecutorService writer = Executors.newFixedThreadPool(2);
    private final List<List<String>> groups = new CopyOnWriteArrayList<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CountDownLatch unlocked = new CountDownLatch(1);
    private GroupCommit<String, Integer> commit;

    @AfterEach
    void stop() {
        goOn.countDown();
        unlocked.countDown();
        callers.shutdownNow();
        writer.shutdownNow();
    }

    /** The first group waits for {@link #goOn}, so that others come meanwhile. */
    private List<Integer> write(List<String> group) {
        groups.add(group);
        first.countDown();
        try {
            goOn.await();
            if (group.equals(List.of("locked"))) {
                unlocked.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (group.contains("wrong")) {
            throw new DataIntegrityViolationException("wrong");
        }
        if (group.contains("away")) {
            throw new EventLogAway();
        }
        return group.stream().map(String::length).toList();
    }

    private List<Future<Integer>> together(String... items) throws InterruptedException {
        commit = new GroupCommit<>(Comparator.<String>naturalOrder(), this::write);
        List<Future<Integer>> answers = new ArrayList<>();
        answers.add(callers.submit(() -> commit.write("begin")));
        first.await();
        for (String item : items) {
            answers.add(callers.submit(() -> commit.write(item)));
        }
        while (commit.waiting() < items.length) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        return answers;
    }

    @Test
    void who_comes_while_a_group_is_written_is_in_the_next_and_has_its_own_answer() throws Exception {
        List<Future<Integer>> answers = together("a", "bb", "ccc");

        assertEquals(5, answers.get(0).get());
        assertEquals(1, answers.get(1).get());
        assertEquals(2, answers.get(2).get());
        assertEquals(3, answers.get(3).get());
        assertEquals(2, groups.size());
    }

    @Test
    void one_that_cannot_be_written_fails_alone() throws Exception {
        List<Future<Integer>> answers = together("a", "wrong", "ccc");

        assertEquals(1, answers.get(1).get());
        ExecutionException failure = assertThrows(ExecutionException.class, answers.get(2)::get);
        assertSame(DataIntegrityViolationException.class, failure.getCause().getClass());
        assertEquals(3, answers.get(3).get());
    }

    @Test
    void when_nothing_can_be_written_nobody_tries_again() throws Exception {
        List<Future<Integer>> answers = together("a", "away", "ccc");

        for (Future<Integer> answer : answers.subList(1, 4)) {
            ExecutionException failure = assertThrows(ExecutionException.class, answer::get);
            assertSame(EventLogAway.class, failure.getCause().getClass());
        }
        assertEquals(2, groups.size());
    }

    @Test
    void a_group_has_each_row_once() throws Exception {
        List<Future<Integer>> answers = together("a", "bb", "a");

        for (Future<Integer> answer : answers) {
            answer.get();
        }
        assertEquals(3, groups.size());
    }

    @Test
    void a_group_is_written_in_the_order_of_its_rows() throws Exception {
        for (Future<Integer> answer : together("c", "a", "b")) {
            answer.get();
        }
        assertEquals(List.of("a", "b", "c"), groups.get(1));
    }

    @Test
    void nobody_waits_for_a_write_that_hangs() throws Exception {
        commit = new GroupCommit<>(Comparator.<String>naturalOrder(), this::write);
        Future<Integer> hangs = callers.submit(() -> commit.write("begin"));
        first.await();
        QueryTimeoutException late = assertThrows(QueryTimeoutException.class, () -> commit.write("a"));
        assertTrue(EventLogHealth.isLocked(late), "which says nothing of the event log");
        assertEquals(0, commit.waiting());
        goOn.countDown();
        assertEquals(5, hangs.get());
        assertEquals(1, commit.write("b"));
    }

    private CompletableFuture<Integer> later(String item, Executor writer) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        commit.writeLater(item, writer, (written, failure) -> {
            if (failure == null) {
                answer.complete(written);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    /** As {@link #together}, of callers who do not wait. */
    private List<CompletableFuture<Integer>> later(String... items) throws InterruptedException {
        commit = new GroupCommit<>(Comparator.<String>naturalOrder(), this::write);
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        answers.add(later("begin", writer));
        first.await();
        for (String item : items) {
            answers.add(later(item, writer));
        }
        return answers;
    }

    @Test
    void who_does_not_wait_shares_a_group_too_and_has_its_own_answer() throws Exception {
        List<CompletableFuture<Integer>> answers = later("a", "bb", "ccc");
        assertTrue(answers.stream().noneMatch(CompletableFuture::isDone));
        Future<Integer> waits = callers.submit(() -> commit.write("dddd"));
        goOn.countDown();
        assertEquals(
                List.of(5, 1, 2, 3),
                answers.stream().map(CompletableFuture::join).toList());
        assertEquals(4, waits.get());
        assertEquals(List.of("begin"), groups.get(0));
        assertEquals(List.of("a", "bb", "ccc"), groups.get(1).subList(0, 3));
    }

    @Test
    void who_does_not_wait_fails_alone() throws Exception {
        List<CompletableFuture<Integer>> answers = later("a", "wrong", "ccc");
        goOn.countDown();
        assertEquals(1, answers.get(1).get());
        ExecutionException failure = assertThrows(ExecutionException.class, answers.get(2)::get);
        assertSame(DataIntegrityViolationException.class, failure.getCause().getClass());
        assertEquals(3, answers.get(3).get());
    }

    @Test
    void of_a_group_that_fails_none_waits_while_another_tries_alone() throws Exception {
        List<CompletableFuture<Integer>> answers = later("a", "locked", "wrong", "ccc");
        goOn.countDown();
        assertEquals(1, answers.get(1).get());
        assertEquals(3, answers.get(4).get());
        assertFalse(answers.get(2).isDone());
        unlocked.countDown();
        assertEquals(6, answers.get(2).get());
    }

    @Test
    void who_is_called_and_interrupted_at_once_leaves_the_others_a_writer() throws Exception {
        for (int i = 0; i < 200; i++) {
            CyclicBarrier start = new CyclicBarrier(2);
            GroupCommit<String, Integer> commits = new GroupCommit<>(Comparator.<String>naturalOrder(), group -> {
                if (group.contains("first")) {
                    await(start);
                }
                return group.stream().map(String::length).toList();
            });
            Future<Integer> first = callers.submit(() -> commits.write("first"));
            while (start.getNumberWaiting() == 0) {
                Thread.onSpinWait();
            }
            Future<Integer> second = callers.submit(() -> commits.write("second"));
            while (commits.waiting() == 0) {
                Thread.onSpinWait();
            }
            await(start);
            second.cancel(true);
            assertEquals(5, first.get());
            assertEquals(5, commits.write("third"));
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void who_does_not_wait_is_told_of_a_write_that_hangs() throws Exception {
        List<CompletableFuture<Integer>> answers = later("a", "bb");
        for (CompletableFuture<Integer> answer : answers.subList(1, 3)) {
            ExecutionException failure = assertThrows(ExecutionException.class, answer::get);
            assertSame(QueryTimeoutException.class, failure.getCause().getClass());
        }
        assertEquals(0, commit.waiting());
        goOn.countDown();
        assertEquals(5, answers.get(0).get());
        assertEquals(3, later("ccc", writer).get());
    }

    @Test
    void who_is_to_write_next_is_not_given_up_though_its_writer_is_busy() throws Exception {
        CountDownLatch isFree = new CountDownLatch(1);
        List<CompletableFuture<Integer>> answers = later("a");
        ExecutorService busy = Executors.newSingleThreadExecutor();
        busy.submit(() -> {
            isFree.await();
            return null;
        });
        commit = new GroupCommit<>(Comparator.<String>naturalOrder(), this::write);
        goOn.countDown();
        CompletableFuture<Integer> called = later("bb", busy);
        CompletableFuture<Integer> behind = later("ccc", writer);
        assertThrows(ExecutionException.class, behind::get, "it waited for too long");
        assertFalse(called.isDone());
        isFree.countDown();
        assertEquals(2, called.get());
        assertEquals(4, commit.write("dddd"));
        assertEquals(1, answers.get(1).get());
        busy.shutdownNow();
    }

    @Test
    void a_writer_that_has_stopped_keeps_nobody_waiting() throws Exception {
        List<CompletableFuture<Integer>> answers = later("a");
        writer.shutdown();
        goOn.countDown();
        assertEquals(1, answers.get(1).get());
        assertEquals(3, later("ccc", writer).get());
    }

    @Test
    void a_lone_caller_writes_at_once_itself() {
        goOn.countDown();
        commit = new GroupCommit<>(Comparator.<String>naturalOrder(), this::write);
        assertEquals(4, commit.write("lone"));
        assertEquals(5, commit.write("again"));
    }
}

package topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongToIntFunction;
import routes.Client;
import routes.Samples;

/** Comments that come evenly, each until it was accepted, as the plugin sends them; what each try was answered is kept. */
final class Traffic implements AutoCloseable {
    /** No answer at all: the connection failed, or ended without one. */
    static final int NO_ANSWER = 0;

    private static final int MILLIS_BETWEEN = 100;
    private static final int MILLIS_TO_NEXT_TRY = 300;
    private static final AtomicLong TARGETS = new AtomicLong(1000);

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(16);
    private final Client client;
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Sent> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong underWay = new AtomicLong();
    private volatile boolean isEnding;

    /** @param target the comment that its effect is on; no other has it */
    record Sent(String key, long target) {}

    Traffic(Client client) {
        this.client = client;
        threads.scheduleAtFixedRate(() -> threads.execute(this::next), 0, MILLIS_BETWEEN, TimeUnit.MILLISECONDS);
    }

    private void next() {
        if (!isEnding) {
            underWay.incrementAndGet();
            long target = TARGETS.incrementAndGet();
            attempt(new Sent("topology-" + target, target));
        }
    }

    private void attempt(Sent sent) {
        int status = status(sent);
        answers.add(status);
        if (status == 202) {
            accepted.add(sent);
            underWay.decrementAndGet();
        } else {
            threads.schedule(() -> attempt(sent), MILLIS_TO_NEXT_TRY, TimeUnit.MILLISECONDS);
        }
    }

    private int status(Sent sent) {
        try {
            String text = "I walked there last spring, " + sent.target() + " steps.";
            return client.send(
                            sent.key(),
                            Samples.comment(sent.key(), text)
                                    .put("comment_id", sent.target())
                                    .toString())
                    .status();
        } catch (AssertionError e) {
            failures.add(e.getMessage() + ": " + e.getCause());
            return NO_ANSWER;
        }
    }

    int accepted() {
        return accepted.size();
    }

    /** How often each status was answered so far. */
    Map<Integer, Integer> answers() {
        Map<Integer, Integer> counts = new TreeMap<>();
        answers.forEach(status -> counts.merge(status, 1, Integer::sum));
        return counts;
    }

    /** What was answered, and why there was no answer where there was none. */
    String failures() {
        return "answers " + answers() + ", of none " + failures;
    }

    /** Sends no more new ones. @return whether each that was sent has been accepted */
    boolean isAllAccepted() {
        isEnding = true;
        return underWay.get() == 0;
    }

    /** Accepted ones that do not have so many effects yet. */
    List<String> without(int effects, LongToIntFunction counted) {
        List<String> missing = new ArrayList<>();
        for (Sent sent : accepted) {
            if (counted.applyAsInt(sent.target()) != effects) {
                missing.add(sent.key());
            }
        }
        return missing;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

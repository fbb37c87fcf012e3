package chaos;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** What the intake answered to each attempt, and how long after it was due. */
final class Answers {
    /** The status of an attempt that got no answer. */
    static final int NONE = 0;

    /**
     * @param intended when the attempt was due, by {@link System#nanoTime()}: a sender that was held up counts that too
     * @param isFresh the event's first attempt, and not one that a sender makes after a failure
     */
    record Answer(long intended, long answered, int status, boolean hasRetryAfter, boolean isFresh) {
        double millis() {
            return (answered - intended) / 1e6;
        }
    }

    private final Collection<Answer> answers;

    Answers() {
        this(new ConcurrentLinkedQueue<>());
    }

    private Answers(Collection<Answer> answers) {
        this.answers = answers;
    }

    void add(Answer answer) {
        ((Queue<Answer>) answers).add(answer);
    }

    /** Those to attempts that were due in this time. */
    Answers between(long from, long to) {
        return matching(answer -> answer.intended() >= from && answer.intended() < to);
    }

    /** Those that came in this time, to whatever was due before. */
    Answers givenIn(Window window) {
        return matching(answer -> answer.answered() >= window.from() && answer.answered() < window.to());
    }

    Answers fresh() {
        return matching(Answer::isFresh);
    }

    Answers matching(Predicate<Answer> condition) {
        List<Answer> found = answers.stream().filter(condition).toList();
        return new Answers(found);
    }

    int count() {
        return answers.size();
    }

    Percentiles millis() {
        return new Percentiles(answers.stream().map(Answer::millis).toList());
    }

    /** How often each status came, {@link #NONE} for no answer. */
    Map<Integer, Long> statuses() {
        Map<Integer, Long> statuses = new TreeMap<>();
        answers.forEach(answer -> statuses.merge(answer.status(), 1L, Long::sum));
        return statuses;
    }

    /** Such as {@code 202: 10, 503: 2, no answer: 1}. */
    String describe() {
        StringBuilder text = new StringBuilder();
        statuses().forEach((status, count) -> text.append(text.isEmpty() ? "" : ", ")
                .append(status == NONE ? "no answer" : status)
                .append(": ")
                .append(count));
        return text.isEmpty() ? "none" : text.toString();
    }
}

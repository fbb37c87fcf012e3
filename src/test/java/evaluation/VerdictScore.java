package evaluation;

import ai.LabelledComment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** How verdicts agree with labels; only {@code spam} counts as calling a comment spam. */
final class VerdictScore {

    static final String HEAD =
            "| comments | by | spam, abuse, real | precision | recall | F1 | real called spam | real held | spam approved | abuse approved |\n"
                    + "|---|---|---|---|---|---|---|---|---|---|";

    private final Map<String, Integer> counts = new HashMap<>();

    static VerdictScore of(List<LabelledComment> comments, Function<String, String> verdict) {
        VerdictScore score = new VerdictScore();
        score.add(comments, verdict);
        return score;
    }

    void add(List<LabelledComment> comments, Function<String, String> verdict) {
        comments.forEach(
                comment -> counts.merge(comment.label() + " " + verdict.apply(comment.text()), 1, Integer::sum));
    }

    int count(String label, String verdict) {
        return counts.getOrDefault(label + " " + verdict, 0);
    }

    int all(String label) {
        return count(label, "spam") + count(label, "hold") + count(label, "approve");
    }

    /** Of the comments with a label the part with a verdict, 0–1. */
    double part(String label, String verdict) {
        return count(label, verdict) / (double) Math.max(1, all(label));
    }

    double precision() {
        int called = count("spam", "spam") + count("abuse", "spam") + count("real", "spam");
        return count("spam", "spam") / (double) Math.max(1, called);
    }

    double f1() {
        double recall = part("spam", "spam");
        return precision() + recall == 0 ? 0 : 2 * precision() * recall / (precision() + recall);
    }

    /** A line of the table below {@link #HEAD}. */
    String line(String set, String by) {
        return "| %s | %s | %d, %d, %d | %.3f | %.3f | %.3f | %s | %s | %s | %s |"
                .formatted(
                        set,
                        by,
                        all("spam"),
                        all("abuse"),
                        all("real"),
                        precision(),
                        part("spam", "spam"),
                        f1(),
                        percent("real", "spam"),
                        percent("real", "hold"),
                        percent("spam", "approve"),
                        percent("abuse", "approve"));
    }

    String percent(String label, String verdict) {
        return all(label) == 0 ? "" : "%.1f %%".formatted(100 * part(label, verdict));
    }
}

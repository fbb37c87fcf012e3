package ai;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import text.PlainText;

/** A judge of comments that learned from other comments than the shipped one: how it does on those it has not seen. */
public final class Relearned {

    /** The own comments are few and stand for what public collections lack: blogs, trades, other languages, abuse. */
    private static final double OWN_WEIGHT = 2;

    /** Nobody looked for abuse in a public collection, so that its real comments say less of that than our own. */
    private static final double UNCHECKED_FOR_ABUSE = 0.3;

    /** Each comment is learned from several times, in one rotation after another. */
    private static final Map<String, float[]> VECTORS = new ConcurrentHashMap<>();

    /** A comment ready to learn from, or to be judged. */
    record Sample(LabelledComment comment, float[] vector, CommentFeatures features, double weight) {}

    private final CommentJudge judge;

    private Relearned(CommentJudge judge) {
        this.judge = judge;
    }

    /** Learns from these and from the project's own comments for training. */
    public static Relearned from(List<LabelledComment> others) {
        return of(samples(others, 1), samples(LabelledComments.training(), OWN_WEIGHT));
    }

    static Relearned of(List<Sample> others, List<Sample> own) {
        List<Sample> unchecked = others.stream()
                .map(sample -> new Sample(sample.comment, sample.vector, sample.features, UNCHECKED_FOR_ABUSE))
                .toList();
        return new Relearned(new CommentJudge(
                LogisticRegression.learn(LabelledComment.SPAM, join(others, own)),
                LogisticRegression.learn(LabelledComment.ABUSE, join(unchecked, own))));
    }

    public String verdict(String comment) {
        return verdict(
                samples(List.of(new LabelledComment("", "", "", comment)), 1).get(0));
    }

    String verdict(Sample sample) {
        return judge.judge(sample.vector(), sample.features()).verdict();
    }

    CommentJudge judge() {
        return judge;
    }

    /** Writes the weights to where the relay finds them, {@code spam-weights.json} and {@code abuse-weights.json}. */
    public void write(Path directory) throws IOException {
        write(judge.spam(), directory.resolve("spam-weights.json"));
        write(judge.abuse(), directory.resolve("abuse-weights.json"));
    }

    private static void write(CommentModel model, Path file) throws IOException {
        Files.writeString(
                file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(model) + "\n");
    }

    static List<Sample> samples(List<LabelledComment> comments, double weight) {
        List<String> texts =
                comments.stream().map(comment -> PlainText.of(comment.text())).toList();
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            float[] vector = VECTORS.computeIfAbsent(texts.get(i), text -> SentenceEmbeddings.of(List.of(text))[0]);
            samples.add(new Sample(comments.get(i), vector, CommentFeatures.of(texts.get(i), ""), weight));
        }
        return samples;
    }

    private static List<Sample> join(List<Sample> one, List<Sample> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}

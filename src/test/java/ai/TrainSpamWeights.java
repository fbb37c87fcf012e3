package ai;

import ai.LabelledComments.Comment;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import text.PlainText;

/**
 * Learns {@code src/main/resources/ai/spam-weights.json} from the YouTube Spam Collection and from the own comments
 * marked {@code train}, and prints how weights learned without a video judge that video.
 *
 * <p>{@code --data DIR} holds {@code youtube-comments.csv}; {@code --out FILE} is where the weights go.
 */
public final class TrainSpamWeights {

    /** The own comments are few and stand for what the collection lacks: blogs, trades, other languages. */
    private static final double OWN_WEIGHT = 2;

    /** A comment ready to learn from. */
    record Sample(Comment comment, float[] vector, CommentFeatures features, double weight) {}

    private TrainSpamWeights() {}

    public static void main(String[] args) throws Exception {
        List<Sample> videos = samples(LabelledComments.youtube(Path.of(Arguments.value(args, "--data"))), 1);
        List<Sample> own = samples(LabelledComments.own(), OWN_WEIGHT);
        List<Sample> ownTrain = of("train", own);
        Verdicts all = new Verdicts();
        for (String video : videos.stream()
                .map(sample -> sample.comment().group())
                .distinct()
                .toList()) {
            List<Sample> others = videos.stream()
                    .filter(sample -> !sample.comment().group().equals(video))
                    .toList();
            SpamModel model = LogisticRegression.learn(join(others, ownTrain));
            System.out.printf("%-18s %s%n", "without " + video, judge(model, of(video, videos), new Verdicts()));
            judge(model, of(video, videos), all);
        }
        SpamModel model = LogisticRegression.learn(join(videos, ownTrain));
        System.out.printf("%-18s %s%n", "all of these", all);
        System.out.printf("%-18s %s%n", "own, kept apart", judge(model, of("test", own), new Verdicts()));
        Files.writeString(
                Path.of(Arguments.value(args, "--out")),
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(model) + "\n");
    }

    /** Judges comments with weights learned from the others and the own comments marked {@code train}. */
    static void judgeWithout(List<Comment> others, List<Comment> comments, Verdicts verdicts) {
        List<Sample> own = of("train", samples(LabelledComments.own(), OWN_WEIGHT));
        judge(LogisticRegression.learn(join(samples(others, 1), own)), samples(comments, 1), verdicts);
    }

    private static List<Sample> samples(List<Comment> comments, double weight) {
        List<String> texts =
                comments.stream().map(comment -> PlainText.of(comment.text())).toList();
        float[][] vectors = SentenceEmbeddings.of(texts);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            samples.add(new Sample(comments.get(i), vectors[i], CommentFeatures.of(texts.get(i), ""), weight));
        }
        return samples;
    }

    private static Verdicts judge(SpamModel model, List<Sample> samples, Verdicts verdicts) {
        for (Sample sample : samples) {
            double probability =
                    model.probability(sample.vector(), sample.features().values());
            String verdict = model.verdict(probability, sample.features().suspicious());
            verdicts.add(sample.comment().spam(), verdict);
        }
        return verdicts;
    }

    private static List<Sample> of(String group, List<Sample> samples) {
        return samples.stream()
                .filter(sample -> sample.comment().group().equals(group))
                .toList();
    }

    private static List<Sample> join(List<Sample> one, List<Sample> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}

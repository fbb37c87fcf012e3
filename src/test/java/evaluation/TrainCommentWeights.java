package evaluation;

import ai.LabelledComment;
import ai.Relearned;
import java.nio.file.Path;
import java.util.List;

/**
 * Learns {@code spam-weights.json} and {@code abuse-weights.json} from the collections named and from the project's own
 * comments for training.
 *
 * <p>Arguments: where the weights go, and a directory of data.
 */
public final class TrainCommentWeights {

    private TrainCommentWeights() {}

    public static void main(String[] arguments) throws Exception {
        List<LabelledComment> comments = Dataset.read(Path.of(arguments[1])).comments().values().stream()
                .flatMap(List::stream)
                .toList();
        Relearned.from(comments).write(Path.of(arguments[0]));
    }
}

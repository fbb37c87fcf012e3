package ai;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import text.PlainText;

/** The task {@code moderate_comment}: judges a comment against labelled examples. */
final class ModerateComment implements LocalTask {

    /** The beginning says enough, and the model's time grows with the length. */
    private static final int CHARACTERS_READ = 2_000;

    private final SpamModel model = SpamModel.shipped();

    @Override
    public Map<String, Object> answer(Map<String, Object> event) {
        String text = PlainText.of(event.get("content"));
        if (text.isEmpty()) {
            return verdict("hold", 0.5, "There is no text to judge.");
        }
        CommentFeatures features = CommentFeatures.of(text, Objects.toString(event.get("author_name"), ""));
        String beginning = Sentences.shorten(text, CHARACTERS_READ);
        float[] vector = SentenceEmbeddings.of(List.of(beginning))[0];
        double probability = model.probability(vector, features.values());
        String verdict = model.verdict(probability, features.suspicious());
        if (verdict.equals("approve") && Instructions.in(text)) {
            return verdict("hold", 0.5, "It addresses whoever judges comments, or hides what it says.");
        }
        return verdict(verdict, confidence(verdict, probability), reason(verdict, features, vector));
    }

    private static Map<String, Object> verdict(String verdict, double confidence, String reason) {
        return Map.of("verdict", verdict, "confidence", Math.round(confidence * 100) / 100.0, "reason", reason);
    }

    /** How sure the verdict is; for a held comment, how far from a coin toss. */
    private static double confidence(String verdict, double probability) {
        return switch (verdict) {
            case "spam" -> probability;
            case "approve" -> 1 - probability;
            default -> Math.max(probability, 1 - probability);
        };
    }

    private String reason(String verdict, CommentFeatures features, float[] vector) {
        String signs = features.signs();
        boolean resembles = model.meaning(vector) > 0;
        if (verdict.equals("approve")) {
            return signs.isEmpty()
                    ? "It reads like an ordinary comment and shows no sign of advertising."
                    : "It reads like an ordinary comment in spite of this: " + signs + ".";
        }
        String wording = resembles ? "its wording resembles known spam" : "";
        String all = signs.isEmpty() || wording.isEmpty() ? signs + wording : signs + "; " + wording;
        String because = all.isEmpty() ? "neither known spam nor known comments resemble it" : all;
        String opening = verdict.equals("spam") ? "Advertising: " : "Not sure: ";
        return Sentences.shorten(opening + because + ".", 200);
    }
}

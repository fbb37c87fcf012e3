package ai;

import ai.CommentJudge.Judgement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import text.PlainText;

/** The task {@code moderate_comment}: judges a comment against labelled examples. */
final class ModerateComment implements LocalTask {

    /** The beginning says enough, and the model's time grows with the length. */
    private static final int CHARACTERS_READ = 2_000;

    private final CommentJudge judge = CommentJudge.shipped();

    @Override
    public Map<String, Object> answer(Map<String, Object> event) {
        String text = PlainText.of(event.get("content"));
        if (text.isEmpty()) {
            return answer("hold", 0.5, "There is no text to judge.");
        }
        CommentFeatures features = CommentFeatures.of(text, Objects.toString(event.get("author_name"), ""));
        float[] vector = SentenceEmbeddings.of(List.of(Sentences.shorten(text, CHARACTERS_READ)))[0];
        Judgement judgement = judge.judge(vector, features);
        if (judgement.verdict().equals("approve") && Instructions.in(text)) {
            return answer("hold", 0.5, "It addresses whoever judges comments, or hides what it says.");
        }
        boolean resembles = judge.spam().meaning(vector) > 0;
        return answer(judgement.verdict(), confidence(judgement), reason(judgement, features, resembles));
    }

    private static Map<String, Object> answer(String verdict, double confidence, String reason) {
        return Map.of("verdict", verdict, "confidence", Math.round(confidence * 100) / 100.0, "reason", reason);
    }

    /** How sure the verdict is; for a held comment, how sure the abuse, or how far from a coin toss. */
    private static double confidence(Judgement judgement) {
        return switch (judgement.verdict()) {
            case "spam" -> judgement.spam();
            case "approve" -> 1 - Math.max(judgement.spam(), judgement.abuse());
            default -> judgement.isAbuse() ? judgement.abuse() : Math.max(judgement.spam(), 1 - judgement.spam());
        };
    }

    private static String reason(Judgement judgement, CommentFeatures features, boolean resembles) {
        String signs = features.signs();
        if (judgement.verdict().equals("approve")) {
            return signs.isEmpty()
                    ? "It reads like an ordinary comment and shows no sign of advertising or abuse."
                    : "It reads like an ordinary comment in spite of this: " + signs + ".";
        }
        if (judgement.isAbuse()) {
            return features.abuses().isEmpty()
                    ? "Its wording resembles known insults, threats or hate."
                    : "It uses words of " + String.join(", ", features.abuses().keySet()) + ".";
        }
        String wording = resembles ? "its wording resembles known spam" : "";
        String all = signs.isEmpty() || wording.isEmpty() ? signs + wording : signs + "; " + wording;
        String because = all.isEmpty() ? "neither known spam nor known comments resemble it" : all;
        String opening = judgement.verdict().equals("spam") ? "Advertising: " : "Not sure: ";
        return Sentences.shorten(opening + because + ".", 200);
    }
}

package ai;

import java.util.List;
import java.util.Map;
import java.util.Set;
import text.PlainText;

/** What the evaluation needs of the local provider's parts: to take texts apart as it does, and for the baselines. */
public final class Insides {

    private static final List<String> CATEGORIES = List.of("sales", "support", "partnership", "spam", "other");

    private Insides() {}

    public static List<String> sentences(String text, String language) {
        return Sentences.of(PlainText.of(text), language);
    }

    /** The words that mean something, in lower case. */
    public static Set<String> meaningful(String text, String language) {
        return Set.copyOf(Words.meaningful(text, language));
    }

    /** The ISO 639-1 code, or {@code und}. */
    public static String language(String text) {
        return Languages.of(text);
    }

    /** How long a summary the local provider writes of a text, at most, in characters. */
    public static int room(String text) {
        return EnrichPost.room(PlainText.of(text));
    }

    /** What a rule would say of a comment that knows as many phrases. */
    public static String verdictByKeywords(String text) {
        CommentFeatures features = CommentFeatures.of(PlainText.of(text), "");
        if (features.links() > 0 || !features.baits().isEmpty()) {
            return "spam";
        }
        return features.abuses().isEmpty() ? "approve" : "hold";
    }

    /** What a rule would say of a lead that knows as many phrases. */
    public static String categoryByKeywords(String message) {
        Map<String, Integer> phrases = LeadCategories.phrases(message);
        return CATEGORIES.stream()
                .max((a, b) -> phrases.getOrDefault(a, 0) - phrases.getOrDefault(b, 0))
                .filter(phrases::containsKey)
                .orElse("other");
    }
}

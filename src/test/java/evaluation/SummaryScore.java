package evaluation;

import ai.Insides;
import evaluation.Dataset.Post;
import evaluation.Provider.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How good summaries are beside references, and whether they keep to the limits, the post's language and its facts. */
final class SummaryScore {

    static final String HEAD =
            "| posts | by | number | ROUGE-L | coverage | limits kept | language kept | something that the post does not say | words not in the post |\n"
                    + "|---|---|---|---|---|---|---|---|---|";

    // A number, an address, or within a sentence what is written like a name.
    private static final Pattern FACT =
            Pattern.compile("https?://\\S+|\\p{N}[\\p{N}.,:]*\\p{N}|\\p{N}|(?<=[\\p{L},;] )\\p{Lu}\\p{L}+");

    private int posts;
    private double rouge;
    private double coverage;
    private int limitsKept;
    private int languageKept;
    private int unsaid;
    private double newWords;

    static SummaryScore of(List<Post> posts, Provider provider) {
        SummaryScore score = new SummaryScore();
        for (Post post : posts) {
            score.add(post, provider.answer("enrich_post", Map.of("title", post.title(), "content", post.content())));
        }
        return score;
    }

    /** The baseline: whole sentences from the beginning, as many as fit into what the local provider writes at most. */
    static SummaryScore ofFirstSentences(List<Post> posts) {
        Function<Post, String> first = post -> {
            StringBuilder text = new StringBuilder();
            for (String sentence : Insides.sentences(post.content(), language(post))) {
                if (text.length() + sentence.length() > Insides.room(post.content())) {
                    break;
                }
                text.append(sentence).append(' ');
            }
            return text.toString().strip();
        };
        SummaryScore score = new SummaryScore();
        posts.forEach(post ->
                score.add(post, new Answer(Map.of("summary", first.apply(post), "language", language(post)), true)));
        return score;
    }

    private void add(Post post, Answer answer) {
        String summary = answer.text("summary");
        String language = language(post);
        posts++;
        rouge += Rouge.l(summary, post.summary());
        coverage += Rouge.coverage(summary, post.summary(), language);
        limitsKept += answer.keptLimits() ? 1 : 0;
        languageKept += keepsLanguage(answer, language) ? 1 : 0;
        String source = (post.title() + "\n" + post.content()).toLowerCase(Locale.ROOT);
        unsaid += saysMore(answer, source) ? 1 : 0;
        List<String> words = List.copyOf(Insides.meaningful(summary, language));
        newWords += words.stream().filter(word -> !source.contains(word)).count() / Math.max(1.0, words.size());
    }

    private static boolean keepsLanguage(Answer answer, String language) {
        return answer.text("language").split("[-_]")[0].equals(language)
                && Insides.language(answer.text("summary")).equals(language);
    }

    private static boolean saysMore(Answer answer, String source) {
        String said =
                String.join("\n", answer.text("summary"), answer.text("seo_title"), answer.text("seo_description"));
        return FACT.matcher(said)
                .results()
                .anyMatch(fact -> !source.contains(fact.group().toLowerCase(Locale.ROOT)));
    }

    private static String language(Post post) {
        return post.language().isEmpty() ? Insides.language(post.content()) : post.language();
    }

    double rouge() {
        return rouge / posts;
    }

    double coverage() {
        return coverage / posts;
    }

    int posts() {
        return posts;
    }

    int limitsKept() {
        return limitsKept;
    }

    int languageKept() {
        return languageKept;
    }

    int unsaid() {
        return unsaid;
    }

    /** A line of the table below {@link #HEAD}. */
    String line(String set, String by) {
        return "| %s | %s | %d | %.3f | %.3f | %d | %d | %d | %.1f %% |"
                .formatted(
                        set, by, posts, rouge(), coverage(), limitsKept, languageKept, unsaid, 100 * newWords / posts);
    }
}

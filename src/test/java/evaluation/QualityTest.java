package evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.AnswerValidator;
import ai.Insides;
import ai.LabelledComment;
import ai.LabelledComments;
import ai.LocalAi;
import ai.TaskCatalog;
import evaluation.Dataset.Post;
import evaluation.Provider.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The local provider on the project's own set: whatever makes it worse is noticed. The floors lie a little below what
 * was measured (docs/ai.md).
 */
class QualityTest {

    private static final AnswerValidator VALIDATOR = new AnswerValidator(new TaskCatalog());
    private static final LocalAi LOCAL = new LocalAi();

    private static Dataset data;
    private static List<LabelledComment> comments;
    private static VerdictScore verdicts;
    private static SummaryScore summaries;

    @BeforeAll
    static void ask() throws Exception {
        data = Dataset.read(Path.of("src/test/resources/evaluation"));
        comments = data.comments().get("comments.csv");
        verdicts = VerdictScore.of(comments, QualityTest::verdict);
        summaries = SummaryScore.of(posts(), QualityTest::answer);
    }

    private static Answer answer(String task, Map<String, Object> event) {
        Map<String, Object> raw = LOCAL.answer(task, event);
        Map<String, Object> checked = VALIDATOR.validate(task, event, raw);
        return new Answer(checked, checked.equals(raw));
    }

    private static String verdict(String text) {
        return answer("moderate_comment", Map.of("content", text)).text("verdict");
    }

    private static List<Post> posts() {
        return data.posts().get("posts.jsonl");
    }

    @Test
    void the_set_is_large_enough_and_in_many_languages() {
        assertTrue(comments.size() >= 150 && posts().size() >= 15);
        Set<String> languages = comments.stream().map(LabelledComment::language).collect(Collectors.toSet());
        assertTrue(languages.size() >= 5, languages.toString());
    }

    @Test
    void nothing_is_measured_on_what_was_learned_from() {
        Set<String> learned =
                LabelledComments.training().stream().map(LabelledComment::text).collect(Collectors.toSet());
        assertEquals(
                List.of(),
                comments.stream()
                        .map(LabelledComment::text)
                        .filter(learned::contains)
                        .toList());
    }

    @Test
    void spam_is_recognised_and_hardly_a_real_comment_is_called_spam() {
        assertTrue(verdicts.f1() >= 0.90, () -> "F1 " + verdicts.f1());
        assertTrue(verdicts.part("real", "spam") <= 0.01, () -> verdicts.percent("real", "spam"));
        assertTrue(verdicts.part("real", "hold") <= 0.15, () -> verdicts.percent("real", "hold"));
    }

    @Test
    void abuse_is_hardly_ever_approved() {
        assertTrue(verdicts.part("abuse", "approve") <= 0.15, () -> verdicts.percent("abuse", "approve"));
    }

    @Test
    void both_baselines_are_clearly_worse() {
        VerdictScore bayes = VerdictScore.of(comments, new NaiveBayes(LabelledComments.training())::verdict);
        VerdictScore keywords = VerdictScore.of(comments, Insides::verdictByKeywords);
        assertTrue(verdicts.f1() >= bayes.f1() + 0.05, () -> "naive Bayes " + bayes.f1());
        assertTrue(verdicts.f1() >= keywords.f1() + 0.05, () -> "keyword rule " + keywords.f1());
        SummaryScore first = SummaryScore.ofFirstSentences(posts());
        assertTrue(summaries.rouge() > first.rouge(), () -> summaries.rouge() + " and " + first.rouge());
        assertTrue(summaries.coverage() > first.coverage(), () -> summaries.coverage() + " and " + first.coverage());
    }

    @Test
    void summaries_keep_to_the_limits_the_language_and_what_the_post_says() {
        assertEquals(posts().size(), summaries.limitsKept());
        assertEquals(posts().size(), summaries.languageKept());
        assertEquals(0, summaries.unsaid());
    }

    @Test
    void the_language_of_a_single_sentence_is_mostly_told() {
        long right = data.samples().stream()
                .filter(sample -> answer("enrich_post", Map.of("content", sample.text()))
                        .text("language")
                        .equals(sample.language()))
                .count();
        assertTrue(
                right >= 0.85 * data.samples().size(),
                right + " of " + data.samples().size());
    }
}

package evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.LabelledComment;
import evaluation.Dataset.Post;
import evaluation.Provider.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScoresTest {

    private static final Post POST = new Post(
            "",
            "en",
            "The bridge",
            "The bridge in Leeds opens on 4 May. It was closed for two years.",
            "The bridge opens.");

    private static SummaryScore summary(String text) {
        return SummaryScore.of(
                List.of(POST), (task, event) -> new Answer(Map.of("summary", text, "language", "en"), true));
    }

    @Test
    void a_hold_is_neither_right_nor_wrong_about_a_real_comment_but_spam_that_was_not_caught() {
        VerdictScore score = VerdictScore.of(
                List.of(
                        new LabelledComment("spam", "", "", "spam"),
                        new LabelledComment("spam", "", "", "hold"),
                        new LabelledComment("abuse", "", "", "approve"),
                        new LabelledComment("real", "", "", "spam"),
                        new LabelledComment("real", "", "", "hold"),
                        new LabelledComment("real", "", "", "approve"),
                        new LabelledComment("real", "", "", "approve ")),
                String::strip);
        assertEquals(0.5, score.precision());
        assertEquals(0.5, score.part("spam", "spam"));
        assertEquals(0.5, score.f1());
        assertEquals(0.25, score.part("real", "spam"));
        assertEquals(1, score.part("abuse", "approve"));
    }

    @Test
    void rouge_is_the_longest_common_subsequence_of_both() {
        assertEquals(1, Rouge.l("The bridge opens.", "the bridge, opens"));
        assertEquals(0, Rouge.l("Nothing", "the bridge opens"));
        assertEquals(2 * 2.0 / (3 + 4), Rouge.l("bridge the opens", "the old bridge opens"));
        assertEquals(0.5, Rouge.coverage("The bridge.", "The bridge opens.", "en"));
    }

    @Test
    void a_number_a_name_or_an_address_that_the_post_does_not_have_is_noticed() {
        assertEquals(0, summary("The bridge in Leeds opens on 4 May.").unsaid());
        assertEquals(1, summary("The bridge opens on 5 May.").unsaid());
        assertEquals(1, summary("The bridge in York opens.").unsaid());
        assertEquals(1, summary("The bridge: https://bridge.example").unsaid());
    }

    @Test
    void a_summary_in_another_language_is_noticed() {
        assertEquals(1, summary("The bridge in Leeds is open.").languageKept());
        assertEquals(
                0,
                summary("Die Brücke ist wieder offen und der Verkehr fließt.").languageKept());
    }

    @Test
    void no_answer_scores_nothing() {
        SummaryScore none = SummaryScore.of(List.of(POST), (task, event) -> Answer.NONE);
        assertTrue(none.rouge() == 0 && none.coverage() == 0 && none.limitsKept() == 0 && none.languageKept() == 0);
    }
}

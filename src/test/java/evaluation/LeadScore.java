package evaluation;

import evaluation.Dataset.Lead;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** How many messages from forms were understood. */
final class LeadScore {

    static final String HEAD = "| leads | by | number | right | customers called spam |\n|---|---|---|---|---|";

    private int leads;
    private int right;
    private int accused;
    /** Right and all, by language. */
    private final Map<String, int[]> byLanguage = new TreeMap<>();

    static LeadScore of(List<Lead> leads, Function<String, String> category) {
        LeadScore score = new LeadScore();
        leads.forEach(lead -> score.add(lead, category.apply(lead.text())));
        return score;
    }

    private void add(Lead lead, String category) {
        boolean isRight = category.equals(lead.category());
        leads++;
        right += isRight ? 1 : 0;
        accused += category.equals("spam") && !isRight ? 1 : 0;
        int[] counts = byLanguage.computeIfAbsent(lead.language(), key -> new int[2]);
        counts[0] += isRight ? 1 : 0;
        counts[1]++;
    }

    double right() {
        return right / (double) leads;
    }

    int accused() {
        return accused;
    }

    Map<String, int[]> byLanguage() {
        return byLanguage;
    }

    /** A line of the table below {@link #HEAD}. */
    String line(String set, String by) {
        return "| %s | %s | %d | %.1f %% | %d |".formatted(set, by, leads, 100 * right(), accused);
    }
}

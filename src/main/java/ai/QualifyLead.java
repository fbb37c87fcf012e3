package ai;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The task {@code qualify_lead}: what a message in a form wants, how promising that is, and its most telling sentences.
 *
 * <p>The score is what a salesperson would ask first: is it a purchase or a partnership at all, and does it name money, a
 * date, a size, and a way to answer?
 */
final class QualifyLead implements LocalTask {

    static final int SUMMARY = 300;

    /** As in {@link ModerateComment}. */
    private static final int CHARACTERS_READ = 2_000;

    private static final double SHORTEST_TELLING = 0.3;

    /** What a category is worth by itself, of 100. */
    private static final Map<String, Integer> WORTH =
            Map.of("sales", 55, "partnership", 40, "support", 15, "other", 10, LeadCategories.SPAM, 0);

    private static final int BUDGET = 12;
    private static final int TIME = 10;
    private static final int SIZE = 10;
    private static final int CONTACT = 10;

    // Every repetition is bounded, as in CommentFeatures.
    private static final Pattern MONEY = Pattern.compile("(?iU)[€$£¥₽₹] ?\\d"
            + "|\\d[\\d.,]{0,12}(?: \\d{3}){0,3} ?k? ?(?:[€$£¥₽₹元円]|(?:eur|euros?|usd|dollars?|dólares|chf|gbp|pounds|pln|zł|руб"
            + "|рублей|reais)\\b)");
    private static final Pattern DATE =
            Pattern.compile("\\b20\\d\\d-\\d\\d-\\d\\d\\b|\\b[0-3]?\\d[./][01]?\\d[./](?:20)?\\d\\d\\b");
    private static final Pattern QUANTITY = Pattern.compile(
            "(?iU)\\b\\d{1,6} ?(?:employees|people|persons|guests|users|seats|licen[cs]es|units|pieces|copies|"
                    + "rooms|shops|square|m²|mitarbeiter\\w{0,4}|personen|gäste|stück|lizenzen|nutzer|quadratmeter|"
                    + "personnes|employés|salariés|exemplaires|pièces|personas|empleados|unidades|metros|alumnos|persone|"
                    + "dipendenti|pezzi|metri|pessoas|colaboradores|médicos|medewerkers|stuks|vierkante|osób|sztuk|"
                    + "pracowników|человек|сотрудник\\w{0,3}|штук)\\b|\\d ?[人名台个]"
                    + "|^[^:\\n]{0,40}\\b(?:employees|team|seats|users|size|quantity|mitarbeiter|anzahl|empleados|"
                    + "dipendenti|effectif|colaboradores|medewerkers)\\b[^:\\n]{0,20}: ?\\d",
            Pattern.MULTILINE);

    @Override
    public Map<String, Object> answer(Map<String, Object> event) {
        LeadMessage lead = LeadMessage.of(event);
        if (lead.text().isEmpty()) {
            return Map.of("category", "other", "score", 0, "summary", "The form came without a message.");
        }
        Map<String, Double> categories =
                LeadCategories.of(lead.form(), Sentences.shorten(lead.text(), CHARACTERS_READ));
        String category = categories.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        return Map.of("category", category, "score", score(category, categories, lead), "summary", summary(lead));
    }

    /** What it is worth by what it probably is; the signs count as far as it is about business. */
    private static int score(String category, Map<String, Double> categories, LeadMessage lead) {
        if (category.equals(LeadCategories.SPAM)) {
            return 0;
        }
        double worth = categories.entrySet().stream()
                .mapToDouble(entry -> entry.getValue() * WORTH.get(entry.getKey()))
                .sum();
        double business = categories.get("sales") + categories.get("partnership");
        return (int) Math.round(worth + business * signs(lead));
    }

    private static int signs(LeadMessage lead) {
        String said = Sentences.shorten(lead.all(), CHARACTERS_READ);
        Map<String, Integer> phrases = LeadCategories.phrases(said);
        return (phrases.containsKey("budget") || MONEY.matcher(said).find() ? BUDGET : 0)
                + (phrases.containsKey("time") || DATE.matcher(said).find() ? TIME : 0)
                + (QUANTITY.matcher(said).find() ? SIZE : 0)
                + (lead.hasContact() ? CONTACT : 0);
    }

    private static String summary(LeadMessage lead) {
        String text = Sentences.shorten(lead.text(), CHARACTERS_READ);
        String language = Languages.of(text);
        SentenceRanking ranking = new SentenceRanking(lead.form(), telling(Sentences.of(text, language)), language);
        List<String> best = ranking.within(SUMMARY);
        return best.isEmpty() ? Sentences.shorten(ranking.best(), SUMMARY) : String.join(" ", best);
    }

    /** Without what is far shorter than the longest: a greeting, a closing, a name. */
    private static List<String> telling(List<String> sentences) {
        int longest = sentences.stream().mapToInt(String::length).max().orElse(0);
        return sentences.stream()
                .filter(sentence -> sentence.length() >= longest * SHORTEST_TELLING)
                .toList();
    }
}

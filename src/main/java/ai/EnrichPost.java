package ai;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import text.PlainText;

/** The task {@code enrich_post}: summary, title and description for search engines, keywords. All in the post's words. */
final class EnrichPost implements LocalTask {

    static final int SUMMARY = 500;
    static final int SEO_TITLE = 60;
    static final int SEO_DESCRIPTION = 155;
    static final int KEYWORDS = 8;

    private static final int SHORT_SUMMARY = 160;

    // Shorter, a description leaves the reader of a result page without a reason to click.
    private static final int SHORT_DESCRIPTION = 70;
    private static final Pattern LANGUAGE_TAG = Pattern.compile("[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*");

    @Override
    public Map<String, Object> answer(Map<String, Object> event) {
        String title = PlainText.line(event.get("title"));
        String text = PlainText.ofEvent(event);
        String language = language(event.get("language"), title + "\n" + text);
        String locale = language.replace('_', '-');
        List<String> sentences = Sentences.of(text, locale);
        if (sentences.isEmpty()) {
            return result("", title, "", List.of(), language);
        }
        SentenceRanking ranking = new SentenceRanking(title, sentences, locale);
        return result(
                whole(ranking.within(room(text)), 1, SUMMARY, ranking),
                title.isEmpty() ? ranking.best() : title,
                whole(ranking.aloneWithin(SEO_DESCRIPTION), SHORT_DESCRIPTION, SEO_DESCRIPTION, ranking),
                Keywords.of(title, sentences, locale, ranking.centre(), KEYWORDS),
                language);
    }

    /** A summary of a short post is short too: at most half of it, but room for a sentence. */
    static int room(String text) {
        return Math.max(SHORT_SUMMARY, Math.min(SUMMARY, text.length() / 2));
    }

    private static Map<String, Object> result(
            String summary, String title, String description, List<String> keywords, String language) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("summary", summary);
        result.put("seo_title", Sentences.heading(title, SEO_TITLE));
        result.put("seo_description", description);
        result.put("keywords", keywords);
        result.put("language", language);
        return result;
    }

    /** The sentences where they come to at least {@code enough} characters, or else the best one of all, shortened. */
    private static String whole(List<String> sentences, int enough, int limit, SentenceRanking ranking) {
        String together = String.join(" ", sentences);
        String best = Sentences.shorten(ranking.best(), limit);
        return together.length() >= enough || together.length() >= best.length() ? together : best;
    }

    private static String language(Object given, String text) {
        String tag = Objects.toString(given, "").strip();
        return LANGUAGE_TAG.matcher(tag).matches() ? tag : Languages.of(text);
    }
}

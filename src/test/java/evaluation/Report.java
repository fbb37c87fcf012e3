package evaluation;

import ai.Insides;
import ai.LabelledComment;
import ai.LabelledComments;
import ai.Relearned;
import evaluation.Dataset.Post;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables. What concerns one file stands together, whoever was asked first. */
final class Report {

    private static final String LANGUAGES = "| languages | by | number | right |\n|---|---|---|---|";
    private static final String BY_LANGUAGE =
            "| language | by | spam called spam | real called spam | real held | abuse approved | leads right |\n"
                    + "|---|---|---|---|---|---|---|";

    private final PrintWriter out;
    private final int limit;
    /** The lines of each table, by its head and then by what they are about. */
    private final Map<String, Map<String, List<String>>> tables = new LinkedHashMap<>();

    private final List<String> notes = new ArrayList<>();

    Report(PrintWriter out, int limit) {
        this.out = out;
        this.limit = limit;
        List.of(VerdictScore.HEAD, SummaryScore.HEAD, LeadScore.HEAD, LANGUAGES, BY_LANGUAGE)
                .forEach(head -> tables.put(head, new LinkedHashMap<>()));
    }

    /** What rules would say, and what is learned from the rest of a collection that has groups. */
    void baselines(Dataset data) {
        data.comments().forEach((set, all) -> {
            List<LabelledComment> comments = some(all);
            if (all.stream().map(LabelledComment::group).distinct().count() > 1) {
                rotate(set, comments);
            } else {
                NaiveBayes bayes = new NaiveBayes(LabelledComments.training());
                add(
                        VerdictScore.HEAD,
                        set,
                        VerdictScore.of(comments, bayes::verdict).line(set, "naive Bayes"));
            }
            add(
                    VerdictScore.HEAD,
                    set,
                    VerdictScore.of(comments, Insides::verdictByKeywords).line(set, "keyword rule"));
        });
        posts(data)
                .forEach((set, posts) -> add(
                        SummaryScore.HEAD,
                        set,
                        SummaryScore.ofFirstSentences(posts).line(set, "first sentences")));
        data.leads()
                .forEach((set, leads) -> add(
                        LeadScore.HEAD,
                        set,
                        LeadScore.of(some(leads), Insides::categoryByKeywords).line(set, "keyword rule")));
    }

    /** Each group is judged by what has learned from the others, and from the project's comments for training. */
    private void rotate(String set, List<LabelledComment> comments) {
        VerdictScore local = new VerdictScore();
        VerdictScore bayes = new VerdictScore();
        Map<String, List<LabelledComment>> groups = comments.stream()
                .collect(Collectors.groupingBy(LabelledComment::group, TreeMap::new, Collectors.toList()));
        groups.forEach((group, held) -> {
            List<LabelledComment> others = new ArrayList<>(comments);
            others.removeAll(held);
            Relearned relearned = Relearned.from(others);
            local.add(held, relearned::verdict);
            add(
                    VerdictScore.HEAD,
                    set,
                    VerdictScore.of(held, relearned::verdict).line(set + ": " + group, "local, learned without it"));
            others.addAll(LabelledComments.training());
            bayes.add(held, new NaiveBayes(others)::verdict);
        });
        add(VerdictScore.HEAD, set, local.line(set, "local, each learned without"));
        add(VerdictScore.HEAD, set, bayes.line(set, "naive Bayes, each learned without"));
    }

    void provider(String name, Provider provider, Dataset data) {
        Function<String, String> verdict = verdict(provider);
        data.comments()
                .forEach((set, all) -> add(
                        VerdictScore.HEAD,
                        set,
                        VerdictScore.of(some(all), verdict).line(set, name)));
        posts(data)
                .forEach((set, posts) -> add(
                        SummaryScore.HEAD, set, SummaryScore.of(posts, provider).line(set, name)));
        Map<String, String> leads = new TreeMap<>();
        data.leads().forEach((set, all) -> {
            LeadScore score = LeadScore.of(some(all), category(provider));
            add(LeadScore.HEAD, set, score.line(set, name));
            score.byLanguage().forEach((language, counts) -> leads.put(language, counts[0] + " of " + counts[1]));
        });
        languages(name, provider, data);
        byLanguage(name, verdict, data, leads);
    }

    private void byLanguage(String name, Function<String, String> verdict, Dataset data, Map<String, String> leads) {
        data.comments().values().stream()
                .flatMap(all -> some(all).stream())
                .filter(comment -> !comment.language().isEmpty())
                .collect(Collectors.groupingBy(LabelledComment::language, TreeMap::new, Collectors.toList()))
                .forEach((language, comments) -> add(
                        BY_LANGUAGE,
                        language,
                        "| %s | %s | %s | %s |"
                                .formatted(
                                        language,
                                        name,
                                        String.join(" | ", cells(VerdictScore.of(comments, verdict))),
                                        leads.getOrDefault(language, ""))));
    }

    private static List<String> cells(VerdictScore score) {
        return List.of(
                score.count("spam", "spam") + " of " + score.all("spam"),
                score.count("real", "spam") + " of " + score.all("real"),
                score.count("real", "hold") + " of " + score.all("real"),
                score.count("abuse", "approve") + " of " + score.all("abuse"));
    }

    private void languages(String name, Provider provider, Dataset data) {
        if (!data.samples().isEmpty()) {
            long right = data.samples().stream()
                    .filter(sample -> provider.answer("enrich_post", Map.of("content", sample.text()))
                            .text("language")
                            .split("[-_]")[0]
                            .equals(sample.language()))
                    .count();
            add(
                    LANGUAGES,
                    "",
                    "| single sentences | %s | %d | %d |"
                            .formatted(name, data.samples().size(), right));
        }
    }

    /** The posts of each set; and for a set of several groups those of each. */
    private Map<String, List<Post>> posts(Dataset data) {
        Map<String, List<Post>> posts = new LinkedHashMap<>();
        data.posts().forEach((set, all) -> {
            Map<String, List<Post>> groups = some(all).stream()
                    .collect(Collectors.groupingBy(Post::group, LinkedHashMap::new, Collectors.toList()));
            groups.forEach((group, some) -> posts.put(set + ": " + group, some));
            posts.put(set, some(all));
        });
        return posts;
    }

    /** Unsure and unavailable mean {@code hold}. */
    private static Function<String, String> verdict(Provider provider) {
        Map<String, String> known = new LinkedHashMap<>();
        return text -> known.computeIfAbsent(text, comment -> {
            String verdict = provider.answer("moderate_comment", Map.of("content", comment))
                    .text("verdict");
            return verdict.isEmpty() ? "hold" : verdict;
        });
    }

    private static Function<String, String> category(Provider provider) {
        return text -> provider.answer("qualify_lead", Map.of("form", "Contact", "fields", Map.of("message", text)))
                .text("category");
    }

    void failures(String name, Map<String, Integer> failures) {
        failures.forEach(
                (reason, count) -> notes.add("No answer of use from %s, %d times: %s".formatted(name, count, reason)));
    }

    private <T> List<T> some(List<T> all) {
        return limit == 0 || all.size() <= limit
                ? all
                : IntStream.range(0, limit)
                        .mapToObj(i -> all.get((int) ((long) i * all.size() / limit)))
                        .toList();
    }

    private void add(String head, String about, String line) {
        tables.get(head).computeIfAbsent(about, key -> new ArrayList<>()).add(line);
    }

    String markdown() {
        List<String> parts = new ArrayList<>();
        tables.forEach((head, lines) -> {
            if (!lines.isEmpty()) {
                parts.add(head + "\n"
                        + lines.values().stream().flatMap(List::stream).collect(Collectors.joining("\n")));
            }
        });
        parts.addAll(notes);
        return String.join("\n\n", parts);
    }

    void print() {
        out.println(markdown());
    }
}

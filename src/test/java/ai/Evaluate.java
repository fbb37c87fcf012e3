package ai;

import ai.LabelledComments.Comment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import text.PlainText;

/**
 * Scores the local provider beside two baselines and prints a table.
 *
 * <p>{@code --data DIR} holds {@code youtube-comments.csv} and {@code news/article}, {@code news/summary}.
 */
public final class Evaluate {

    /** An article: its first line is the title. */
    private record Article(String topic, String title, String text, String reference) {}

    private static final LocalAi LOCAL = new LocalAi();

    private Evaluate() {}

    public static void main(String[] args) throws IOException {
        Path data = Path.of(Arguments.value(args, "--data"));
        List<Article> articles = articles(data.resolve("news"));
        for (String topic : articles.stream().map(Article::topic).distinct().toList()) {
            compare(
                    topic,
                    articles.stream().filter(a -> a.topic().equals(topic)).toList());
        }
        compare("all", articles);
        spam("youtube, each video judged by what learned the others", data);
        Verdicts own = new Verdicts();
        LabelledComments.own().stream()
                .filter(comment -> comment.group().equals("test"))
                .forEach(comment -> own.add(comment.spam(), verdict(comment.text())));
        System.out.printf("own comments, kept apart%n  local         %s%n", own);
    }

    private static void compare(String name, List<Article> articles) {
        System.out.printf("%s, %d articles%n", name, articles.size());
        score("local", articles, article -> LOCAL.answer(
                        "enrich_post", Map.of("title", article.title(), "content", article.text()))
                .get("summary")
                .toString());
        score("first lines", articles, article -> first(article.text()));
    }

    private static void score(String name, List<Article> articles, Function<Article, String> summarise) {
        List<String> summaries = articles.stream().map(summarise).toList();
        System.out.printf(
                "  %-13s ROUGE-L %.3f  coverage %.3f%n",
                name, mean(articles, summaries, Rouge::l), mean(articles, summaries, Rouge::coverage));
    }

    private static double mean(
            List<Article> articles, List<String> summaries, BiFunction<String, String, Double> score) {
        double sum = 0;
        for (int i = 0; i < articles.size(); i++) {
            sum += score.apply(summaries.get(i), articles.get(i).reference());
        }
        return sum / articles.size();
    }

    /** The baseline: whole sentences from the beginning, as many as fit. */
    private static String first(String text) {
        StringBuilder first = new StringBuilder();
        for (String sentence : Sentences.of(PlainText.of(text), "en")) {
            if (first.length() + sentence.length() > EnrichPost.SUMMARY) {
                break;
            }
            first.append(sentence).append(' ');
        }
        return first.toString().strip();
    }

    private static void spam(String name, Path data) throws IOException {
        List<Comment> comments = LabelledComments.youtube(data);
        Verdicts local = new Verdicts();
        Verdicts bayes = new Verdicts();
        Verdicts phrases = new Verdicts();
        for (String video : comments.stream().map(Comment::group).distinct().toList()) {
            List<Comment> here =
                    comments.stream().filter(c -> c.group().equals(video)).toList();
            List<Comment> others =
                    comments.stream().filter(c -> !c.group().equals(video)).toList();
            TrainSpamWeights.judgeWithout(others, here, local);
            NaiveBayes learned = new NaiveBayes(others);
            here.forEach(comment -> bayes.add(comment.spam(), learned.verdict(comment.text())));
            here.forEach(comment -> phrases.add(comment.spam(), byPhrases(comment.text())));
        }
        System.out.printf("%s%n  local         %s%n", name, local);
        System.out.printf("  naive Bayes   %s%n  keyword rule  %s%n", bayes, phrases);
    }

    private static String verdict(String text) {
        return LOCAL.answer("moderate_comment", Map.of("content", text))
                .get("verdict")
                .toString();
    }

    private static String byPhrases(String text) {
        CommentFeatures features = CommentFeatures.of(PlainText.of(text), "");
        return features.links() > 0 || !features.baits().isEmpty() ? "spam" : "approve";
    }

    private static List<Article> articles(Path news) throws IOException {
        List<Article> articles = new ArrayList<>();
        try (Stream<Path> files = Files.walk(news.resolve("article"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String text = Files.readString(file);
                int end = text.indexOf('\n');
                Path summary =
                        news.resolve("summary").resolve(news.resolve("article").relativize(file));
                articles.add(new Article(
                        file.getParent().getFileName().toString(),
                        text.substring(0, end).strip(),
                        text.substring(end),
                        Files.readString(summary)));
            }
        }
        return articles;
    }
}

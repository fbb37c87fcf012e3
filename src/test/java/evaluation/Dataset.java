package evaluation;

import ai.LabelledComment;
import ai.LabelledComments;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The labelled data of a directory, by the file or folder that it came from. What a file holds is told by its name and
 * its columns; {@code src/test/resources/evaluation/README.md} has the layout.
 */
record Dataset(
        Map<String, List<LabelledComment>> comments,
        Map<String, List<Post>> posts,
        Map<String, List<Lead>> leads,
        List<Sample> samples) {

    /** A post; {@code summary} is the reference, {@code group} what it is reported under. */
    record Post(String group, String language, String title, String content, String summary) {}

    /** A message from a form. */
    record Lead(String category, String language, String text) {}

    /** A text of which the language is known. */
    record Sample(String language, String text) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws IllegalArgumentException when nothing is there, or a file is not as it should be */
    static Dataset read(Path directory) throws IOException {
        Dataset data =
                new Dataset(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new ArrayList<>());
        for (Path file : files(directory)) {
            String name = directory.relativize(file).toString();
            if (name.endsWith(".csv")) {
                data.addRows(name, LabelledComments.rows(Files.readString(file)));
            } else if (name.endsWith(".jsonl")) {
                data.posts.put(name, posts(name, Files.readAllLines(file)));
            } else if (name.endsWith(".txt")) {
                data.addArticle(directory, file);
            }
        }
        if (data.comments.isEmpty() && data.posts.isEmpty() && data.leads.isEmpty() && data.samples.isEmpty()) {
            throw new IllegalArgumentException("Nothing to evaluate in " + directory + ": it should hold *.csv with the"
                    + " columns text and label (or spam), or text and category, *.jsonl with posts, or article/*.txt"
                    + " beside summary/*.txt");
        }
        return data;
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException("--data is " + directory + " and should be a directory");
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private void addRows(String name, List<Map<String, String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        Map<String, String> first = rows.get(0);
        if (LabelledComments.are(first)) {
            comments.put(name, LabelledComments.of(name, rows));
        } else if (first.keySet().containsAll(List.of("category", "text"))) {
            leads.put(
                    name,
                    rows.stream()
                            .map(row ->
                                    new Lead(row.get("category"), row.getOrDefault("language", ""), row.get("text")))
                            .toList());
        } else if (first.keySet().containsAll(List.of("language", "text"))) {
            rows.forEach(row -> samples.add(new Sample(row.get("language"), row.get("text"))));
        } else {
            throw new IllegalArgumentException(name + " has the columns " + first.keySet()
                    + " and should have text and label, text and category, or text and language");
        }
    }

    private static List<Post> posts(String name, List<String> lines) throws IOException {
        List<Post> posts = new ArrayList<>();
        for (String line : lines) {
            if (!line.isBlank()) {
                Map<?, ?> post = JSON.readValue(line, Map.class);
                posts.add(new Post(
                        field(post, "language"),
                        field(post, "language"),
                        field(post, "title"),
                        field(post, "content"),
                        field(post, "summary")));
            }
        }
        return posts;
    }

    private static String field(Map<?, ?> post, String name) {
        Object value = post.get(name);
        return value == null ? "" : value.toString();
    }

    /** The first line of an article is its title. The summary lies in the same place below {@code summary}. */
    private void addArticle(Path directory, Path file) throws IOException {
        for (Path folder = file.getParent(); !folder.equals(directory.getParent()); folder = folder.getParent()) {
            Path summary = folder.resolveSibling("summary").resolve(folder.relativize(file));
            if (folder.endsWith("article") && Files.exists(summary)) {
                String[] titleAndText = Files.readString(file).strip().split("\n", 2);
                posts.computeIfAbsent(directory.relativize(folder).toString(), key -> new ArrayList<>())
                        .add(new Post(
                                file.getParent().getFileName().toString(),
                                "",
                                titleAndText[0].strip(),
                                titleAndText[titleAndText.length - 1],
                                Files.readString(summary)));
                return;
            }
        }
    }
}

package ai;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads labelled comments from CSV (RFC 4180, UTF-8) whose first line names the columns. */
public final class LabelledComments {

    private static final List<String> TEXT = List.of("text", "content", "comment", "comment_text", "message", "body");
    private static final List<String> LABEL = List.of("label", "spam", "is_spam", "class", "verdict", "abuse", "toxic");
    private static final List<String> GROUP = List.of("video", "group");
    private static final List<String> LANGUAGE = List.of("language", "lang");
    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvParser.Feature.SKIP_EMPTY_LINES).build();

    private LabelledComments() {}

    /** What the project wrote itself to learn from. */
    public static List<LabelledComment> training() {
        return of("training/comments.csv", rows(Resource.text("/training/comments.csv")));
    }

    /** What the project wrote itself and learns nothing from. */
    static List<LabelledComment> keptApart() {
        return of("evaluation/comments.csv", rows(Resource.text("/evaluation/comments.csv")));
    }

    /** The lines of a CSV, each by the names of the columns in lower case. */
    public static List<Map<String, String>> rows(String csv) {
        String text = csv.startsWith("\uFEFF") ? csv.substring(1) : csv; // as Excel writes it
        CsvSchema schema = CsvSchema.emptySchema().withHeader();
        try (MappingIterator<Map<String, String>> lines =
                CSV.readerForMapOf(String.class).with(schema).readValues(text)) {
            List<Map<String, String>> rows = new ArrayList<>();
            while (lines.hasNextValue()) {
                Map<String, String> row = new LinkedHashMap<>();
                lines.nextValue().forEach((name, value) -> row.put(name.strip().toLowerCase(Locale.ROOT), value));
                rows.add(row);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether rows with these columns are labelled comments. */
    public static boolean are(Map<String, String> row) {
        return column(row, TEXT).isPresent() && column(row, LABEL).isPresent();
    }

    /**
     * Rows as comments.
     *
     * @param file for errors
     * @throws IllegalArgumentException for a label that is not known
     */
    public static List<LabelledComment> of(String file, List<Map<String, String>> rows) {
        List<LabelledComment> comments = new ArrayList<>();
        for (Map<String, String> row : rows) {
            String column = column(row, LABEL).orElseThrow();
            comments.add(new LabelledComment(
                    label(file, comments.size() + 1, column, row.get(column)),
                    column(row, GROUP).map(row::get).orElse(""),
                    column(row, LANGUAGE).map(row::get).orElse(""),
                    row.get(column(row, TEXT).orElseThrow())));
        }
        return comments;
    }

    private static Optional<String> column(Map<String, String> row, List<String> names) {
        return names.stream().filter(row::containsKey).findFirst();
    }

    private static String label(String file, int row, String column, String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "1", "true", "yes" ->
                column.equals("abuse") || column.equals("toxic") ? LabelledComment.ABUSE : LabelledComment.SPAM;
            case "spam" -> LabelledComment.SPAM;
            case "0", "false", "no", "real", "ham", "approve", "not spam", "ok" -> LabelledComment.REAL;
            case "abuse", "toxic", "insult", "threat", "hate" -> LabelledComment.ABUSE;
            default ->
                throw new IllegalArgumentException(file + ", row " + row + ": " + column + " is \"" + value
                        + "\" and should be spam, abuse or real, or else 1 or 0");
        };
    }
}

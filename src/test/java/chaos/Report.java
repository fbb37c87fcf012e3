package chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table in Markdown, between two comments of a file. What stands there of other rows stays, so that a long run can be
 * done in pieces.
 */
final class Report {
    static final String NAME = "chaos";

    private static final String HEAD = """
            | row | fault | under | times | acknowledged | lost | doubled | recovery s, median / longest | seen | holds | run (UTC) |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    private Report() {}

    /** @param order the names of all rows, in the order of the table */
    static void merge(Path file, String machine, List<Row> rows, List<String> order) throws IOException {
        MarkedBlock block = new MarkedBlock(file, NAME);
        Map<String, String> lines = lines(block.read());
        rows.forEach(row -> lines.put(row.name(), line(row)));
        StringBuilder table = new StringBuilder(machine).append("\n\n").append(HEAD);
        order.stream().filter(lines::containsKey).forEach(name -> table.append(lines.get(name))
                .append('\n'));
        block.write(table.toString().strip());
    }

    private static Map<String, String> lines(String table) {
        Map<String, String> lines = new LinkedHashMap<>();
        table.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            int from = line.indexOf('`') + 1;
            lines.put(line.substring(from, line.indexOf('`', from)), line);
        });
        return lines;
    }

    static String line(Row row) {
        Verdict verdict = row.verdict();
        String holds = row.isKept() ? "yes" : "**no**: " + String.join("; ", row.broken());
        List<String> cells = List.of(
                "`" + row.name() + "`",
                row.description(),
                row.under(),
                Integer.toString(row.times()),
                Integer.toString(verdict.acknowledged()),
                Integer.toString(verdict.lost().size()),
                Integer.toString(verdict.doubled().size()),
                row.recovery(),
                row.seen(),
                holds,
                WHEN.format(row.when()));
        StringBuilder line = new StringBuilder("|");
        cells.forEach(cell -> line.append(' ')
                .append(cell.replace("|", "\\|").replaceAll("\\s+", " "))
                .append(" |"));
        return line.toString();
    }
}

package bench;

import java.util.ArrayList;
import java.util.List;

/** What was measured, line by line, as Markdown; each line is printed as soon as it is known. */
final class Table {
    private static final List<String> HEAD = List.of(
            "| | a second | of bare commits | of bare HTTP | p50 ms | p99 ms | longest ms | its CPU ms an event | PostgreSQL's | seen |",
            "|---|---|---|---|---|---|---|---|---|---|");

    private final List<String> lines = new ArrayList<>(HEAD);
    private double commits;
    private double http;

    /** The lines after it say how much of that they are. */
    void bareCommits(String name, double perSecond) {
        commits = perSecond;
        add(name, perSecond, null, "", "", "");
    }

    /** As {@link #bareCommits}. */
    void bareHttp(String name, Measured measured) {
        http = measured.perSecond();
        add(name, measured.perSecond(), measured, "", "", "");
    }

    /**
     * @param measured where the percentiles come from; null for none
     * @param cpu milliseconds of the one that is measured, an event
     * @param databaseCpu of its database
     */
    void add(String name, double perSecond, Measured measured, String cpu, String databaseCpu, String seen) {
        String line = "| %s | %.0f | %s | %s | %s | %s | %s | %s |"
                .formatted(
                        name,
                        perSecond,
                        ratio(perSecond, commits),
                        ratio(perSecond, http),
                        measured == null
                                ? " | | "
                                : "%.1f | %.1f | %.1f".formatted(measured.p50(), measured.p99(), measured.max()),
                        cpu,
                        databaseCpu,
                        seen);
        lines.add(line);
        System.out.println(line);
    }

    /** What is no rate. */
    void say(String name, String seen) {
        String line = "| %s |  |  |  |  |  |  |  |  | %s |".formatted(name, seen);
        lines.add(line);
        System.out.println(line);
    }

    private static String ratio(double perSecond, double limit) {
        return limit == 0 ? "" : "%.2f".formatted(perSecond / limit);
    }

    String markdown() {
        return String.join("\n", lines);
    }
}

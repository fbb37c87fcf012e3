package chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final List<String> ORDER = List.of("first", "second", "third");

    @TempDir
    Path directory;

    private static Row row(String name, int times, List<String> broken) {
        Verdict verdict = new Verdict(100, List.of("a: came to no end"), List.of(), List.of());
        Instant when = Instant.parse("2026-01-31T09:30:00Z");
        return new Row(name, "a fault", "200/s", times, verdict, "1.0 / 2.0", "a | b", broken, when);
    }

    @Test
    void a_line_holds_every_figure_and_what_broke() {
        assertEquals(
                "| `first` | a fault | 200/s | 5 | 100 | 1 | 0 | 1.0 / 2.0 | a \\| b | **no**: 1 lost | 2026-01-31 09:30 |",
                Report.line(row("first", 5, List.of("1 lost"))));
    }

    @Test
    void rows_of_a_later_run_join_those_that_are_there_and_the_prose_stays() throws IOException {
        Path file = directory.resolve("reliability.md");
        Files.writeString(file, "# Reliability\n\n" + "<!-- chaos: begin -->\n<!-- chaos: end -->" + "\n\nThe end.\n");
        Report.merge(file, "one machine", List.of(row("third", 3, List.of()), row("first", 1, List.of())), ORDER);
        Report.merge(file, "the same machine", List.of(row("second", 2, List.of()), row("first", 9, List.of())), ORDER);
        String text = Files.readString(file);
        assertTrue(text.startsWith("# Reliability\n\n" + "<!-- chaos: begin -->"), text);
        assertTrue(text.endsWith("<!-- chaos: end -->" + "\n\nThe end.\n"), text);
        assertTrue(text.contains("the same machine") && !text.contains("one machine"), text);
        List<String> rows = text.lines().filter(line -> line.startsWith("| `")).toList();
        assertEquals(3, rows.size());
        assertTrue(rows.get(0).startsWith("| `first` | a fault | 200/s | 9 |"), text);
        assertTrue(rows.get(1).startsWith("| `second`") && rows.get(2).startsWith("| `third`"), text);
    }

    @Test
    void a_file_that_is_not_there_is_made() throws IOException {
        Path file = directory.resolve("new.md");
        Report.merge(file, "a machine", List.of(row("first", 1, List.of())), ORDER);
        assertTrue(Files.readString(file).contains("| `first` |"));
    }

    @Test
    void a_row_holds_only_if_nothing_broke() {
        assertTrue(row("first", 1, List.of()).isKept());
        assertFalse(row("first", 1, List.of("slow")).isKept());
    }
}

package operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TerminalTextTest {
    private static final String WORDS = "word ".repeat(60).strip();

    @Test
    void a_line_has_the_beginning_of_what_does_not_fit() {
        assertEquals("  short and in one line", TerminalText.line("short\nand\tin one line ", 2));
        String line = TerminalText.line(WORDS, 4);
        assertEquals(120, line.length());
        assertTrue(line.startsWith("    word word") && line.endsWith("…"), line);
    }

    @Test
    void what_is_wrapped_is_all_there_and_broken_between_words() {
        List<String> lines = TerminalText.wrapped("error  ", WORDS, 7).lines().toList();
        assertTrue(lines.stream().allMatch(line -> line.length() <= 120), lines::toString);
        assertEquals(
                "error  " + WORDS,
                "error  " + lines.stream().map(line -> line.substring(7)).collect(Collectors.joining(" ")));
        assertTrue(lines.stream().skip(1).allMatch(line -> line.startsWith("       word")), lines::toString);
    }

    @Test
    void where_there_are_no_spaces_it_is_broken_anywhere() {
        List<String> lines =
                TerminalText.wrapped("", "x".repeat(250), 2).lines().toList();
        assertEquals(List.of(120, 120, 14), lines.stream().map(String::length).toList());
        assertEquals("short", TerminalText.wrapped("", "short", 2));
    }
}

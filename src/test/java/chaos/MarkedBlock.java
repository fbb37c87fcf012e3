package chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A part of a Markdown file that a program writes, between two comments; the prose around it stays. */
public final class MarkedBlock {
    private final Path file;
    private final String begin;
    private final String end;

    /** @param name stands in the comments */
    public MarkedBlock(Path file, String name) {
        this.file = file;
        this.begin = "<!-- " + name + ": begin -->";
        this.end = "<!-- " + name + ": end -->";
    }

    /** What stands there; empty when there is no such file or block. */
    public String read() throws IOException {
        String text = text();
        return text.contains(begin) ? text.substring(text.indexOf(begin) + begin.length(), text.indexOf(end)) : "";
    }

    /** In place of what stands there; at the end of the file when there is no such block. */
    public void write(String content) throws IOException {
        String text = text();
        String before =
                text.contains(begin) ? text.substring(0, text.indexOf(begin)) : text + (text.isEmpty() ? "" : "\n");
        String after = text.contains(end) ? text.substring(text.indexOf(end) + end.length()) : "\n";
        Files.writeString(file, before + begin + "\n" + content + "\n" + end + after);
    }

    private String text() throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}

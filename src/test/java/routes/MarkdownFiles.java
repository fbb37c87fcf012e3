package routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The files that a page of the documentation gives the content of: their name in bold, and then a block of code. */
final class MarkdownFiles {
    private static final Pattern FILE =
            Pattern.compile("^\\*\\*`([^`\\n]+)`\\*\\*\\n\\n```\\w+\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern COMMANDS = Pattern.compile("^```sh\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private final String page;

    MarkdownFiles(Path page) {
        try {
            this.page = Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the n-th content that the page has for a file of this name, from 1, into the directory. */
    void write(String name, int n, Path directory) throws IOException {
        List<MatchResult> all = FILE.matcher(page)
                .results()
                .filter(file -> file.group(1).equals(name))
                .toList();
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, all.get(n - 1).group(2));
    }

    /** The lines of the blocks with commands. */
    List<String> commands() {
        return COMMANDS.matcher(page)
                .results()
                .flatMap(block -> block.group(1).lines())
                .toList();
    }
}

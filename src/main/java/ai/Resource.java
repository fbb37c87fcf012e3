package ai;

import events.PermanentFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Text files on the class path, UTF-8. */
final class Resource {

    private Resource() {}

    /** The whole file. @throws PermanentFailure when it is not there */
    static String text(String path) {
        return find(path).orElseThrow(() -> new PermanentFailure("Not on the class path: " + path));
    }

    /** The whole file, if it is there. */
    static Optional<String> find(String path) {
        try (InputStream in = Resource.class.getResourceAsStream(path)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The {@link #lines} by the heading that they stand under, such as {@code [sales]}, in the order of the file. */
    static Map<String, List<String>> sections(String path) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        String heading = "";
        for (String line : lines(path)) {
            if (line.startsWith("[")) {
                heading = line.substring(1, line.length() - 1);
            } else {
                sections.computeIfAbsent(heading, key -> new ArrayList<>()).add(line);
            }
        }
        return sections;
    }

    /** The lines that say something: neither blank nor a comment ({@code #}). */
    static List<String> lines(String path) {
        return text(path)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }
}

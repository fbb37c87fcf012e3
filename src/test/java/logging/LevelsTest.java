package logging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LevelsTest {
    private static final Path SOURCES = Path.of("src/main/java");

    @Test
    void each_package_that_logs_has_the_level_of_the_setting() throws IOException {
        String configuration = Files.readString(Path.of("src/main/resources/logback.xml"));
        Set<String> without = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = SOURCES.relativize(file.getParent()).toString().replace('/', '.');
                if (Files.readString(file).contains("LoggerFactory.getLogger")
                        && !configuration.contains("<logger name=\"" + name + "\" level=\"${level}\"/>")) {
                    without.add(name);
                }
            }
        }
        assertEquals(List.of(), List.copyOf(without));
    }
}

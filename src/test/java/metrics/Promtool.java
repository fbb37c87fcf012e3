package metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs of Debian's package prometheus, and what they say. */
record Promtool(int status, String said) {
    static final Path PROMETHEUS = Path.of("docker", "prometheus");
    private static final long LONGEST_SECONDS = 120;

    static Path program(String name) throws IOException, InterruptedException {
        Process found = new ProcessBuilder("src/test/debian/program.sh", "prometheus", "/usr/bin/" + name)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String path = new String(found.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (found.waitFor() != 0) {
            throw new AssertionError(name + " is not there, see above");
        }
        return Path.of(path);
    }

    static Promtool run(String... arguments) throws IOException, InterruptedException {
        return given("", arguments);
    }

    static Promtool given(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program("promtool").toString()));
        command.addAll(List.of(arguments));
        Process promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var to = promtool.getOutputStream()) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!promtool.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("promtool does not end");
        }
        return new Promtool(promtool.exitValue(), said);
    }
}

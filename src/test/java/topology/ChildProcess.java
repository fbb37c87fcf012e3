package topology;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A program with a log of its own, to be killed and started again. */
final class ChildProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);

    private final Path log;
    private final ProcessBuilder builder;
    private Process process;

    /** @param log it and what it prints belong to this program */
    ChildProcess(Path log, Map<String, String> environment, List<String> command) {
        this.log = log;
        builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
    }

    ChildProcess start() throws IOException {
        process = builder.redirectOutput(log.toFile()).start();
        return this;
    }

    /** Waits until it has printed something since its latest start. */
    void awaitLog(String text) {
        await().atMost(START).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("it ended: " + log());
            }
            return log().contains(text);
        });
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** As {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            kill();
        }
    }
}

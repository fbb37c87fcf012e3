package chaos;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import routes.TestRelay;

/** An Artemis as a process of its own, to be killed and started again on its journal. */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Path directory;
    private final String name;
    private final int port = TestRelay.freePort();
    private final List<String> role = new ArrayList<>();
    private Process process;
    private int starts;

    public BrokerProcess(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** Makes the two one pair on one journal. */
    static void pair(BrokerProcess primary, BrokerProcess backup) {
        Collections.addAll(primary.role, "primary", Integer.toString(backup.port));
        Collections.addAll(backup.role, "backup", Integer.toString(primary.port));
    }

    public int port() {
        return port;
    }

    /** Starts it and waits until it serves; a backup waits for its turn, so nobody waits for it. */
    public void start() throws IOException {
        launch();
        if (!role.contains("backup")) {
            await().atMost(START).pollInterval(Duration.ofMillis(50)).until(() -> {
                if (!process.isAlive()) {
                    throw new AssertionError("the broker ended: " + log());
                }
                return log().contains("The broker is up.");
            });
        }
    }

    private void launch() throws IOException {
        starts++;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                directory.resolve("broker").toString(),
                Integer.toString(port)));
        command.addAll(role);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(logFile())
                .start();
    }

    private String log() throws IOException {
        return Files.readString(logFile().toPath());
    }

    private File logFile() {
        return directory.resolve(name + "-" + starts + ".log").toFile();
    }

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

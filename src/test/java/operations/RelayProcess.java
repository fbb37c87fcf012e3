package operations;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import routes.Client;
import routes.TestRelay;

/** The relay as its users start it: {@code bin/relay} as a process, to be killed. */
public final class RelayProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Path HOME = Path.of("").toAbsolutePath();

    /** Half of a start's work, which most tests are about, is the compiling of code that then runs twice. */
    private static final String QUICK_COMPILER_ONLY = "-XX:TieredStopAtLevel=1 -Xmx512m -XX:+UseParallelGC";

    private final Map<String, String> environment = new HashMap<>();
    private final Path home;
    private final Path directory;
    private final int port = TestRelay.freePort();
    private final int managementPort = TestRelay.freePort();
    private Process process;
    private int starts;

    /** @param directory for data and logs */
    public RelayProcess(Path directory) {
        this(HOME, directory);
    }

    /**
     * One of another version.
     *
     * @param home where that was built
     */
    public RelayProcess(Path home, Path directory) {
        this.home = home;
        this.directory = directory;
        with("RELAY_BUILD", "never");
        with("RELAY_DATA_DIR", directory.resolve("data").toString());
        with("RELAY_PORT", Integer.toString(port));
        with("RELAY_MANAGEMENT_PORT", Integer.toString(managementPort));
        with("RELAY_CONSOLE_PORT", "0");
        with("RELAY_LOG_FORMAT", "plain");
        with("RELAY_JAVA_OPTS", QUICK_COMPILER_ONLY);
    }

    /** With the JVM's options of {@code bin/relay}, for who measures. */
    public RelayProcess asInProduction() {
        return with("RELAY_JAVA_OPTS", "");
    }

    public RelayProcess with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Starts it and waits until it says that it is ready. */
    public RelayProcess start() throws IOException {
        launch();
        return awaitReady();
    }

    /** Waits until it says that it is ready. */
    public RelayProcess awaitReady() {
        await().atMost(START).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("the relay ended: " + log());
            }
            // The last line of the banner, or the line that says it as JSON.
            return log().contains("Try it from another terminal") || log().contains("\"AI Relay is ready");
        });
        return this;
    }

    /** Starts it and waits for nothing. */
    public RelayProcess launch() throws IOException {
        QuickStart.prepare();
        starts++;
        process = builder(List.of("run"))
                .redirectErrorStream(true)
                .redirectOutput(logFile().toFile())
                .start();
        return this;
    }

    /** What it printed since its latest start. */
    public String log() throws IOException {
        return Files.readString(logFile(), StandardCharsets.UTF_8);
    }

    private Path logFile() {
        return directory.resolve("relay-" + starts + ".log");
    }

    public Client client(String secret) {
        return new Client(port, secret);
    }

    public int port() {
        return port;
    }

    public int managementPort() {
        return managementPort;
    }

    /** Of the JVM itself: {@code bin/relay} becomes it. */
    public long pid() {
        return process.pid();
    }

    /** Whether it takes connections, ready or not. */
    public boolean isListening() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Runs {@code bin/relay} with these arguments beside the relay and returns what it printed. */
    public String command(String... arguments) throws IOException, InterruptedException {
        Process command = builder(List.of(arguments)).redirectErrorStream(true).start();
        String output = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        command.waitFor();
        return output;
    }

    /** As {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As Ctrl-C or SIGTERM. @return the exit status */
    public int terminate() throws InterruptedException {
        process.destroy();
        return exitStatus();
    }

    /** @return the exit status of a relay that is about to end */
    public int exitStatus() throws InterruptedException {
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError("the relay did not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            kill();
        }
    }

    private ProcessBuilder builder(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/relay").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(RELAY|WP|AI|CRM)_.*|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        return builder;
    }
}

package chaos;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import routes.TestRelay;

/** A PostgreSQL that keeps its port and its data, to be stopped, killed, frozen and started again. */
public final class PostgresProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Path directory;
    private final Path log;
    private final boolean isLazy;
    private final int port = TestRelay.freePort();
    private EmbeddedPostgres postgres;

    /** @param isLazy answers before a commit is on disk: a database that breaks the promise, to see a row fail */
    public PostgresProcess(Path directory, boolean isLazy) {
        this.directory = directory.resolve("postgresql");
        this.log = directory.resolve("postgresql.log");
        this.isLazy = isLazy;
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** Of the server; its other processes are its children. */
    public long pid() throws IOException {
        return server().pid();
    }

    /** With PostgreSQL's own durability, which a database for tests has switched off. */
    public void start() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPGStartupWait(START)
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Map<String, String> durable = Map.of(
                "fsync", isLazy ? "off" : "on", "synchronous_commit", isLazy ? "off" : "on", "full_page_writes", "on");
        durable.forEach(builder::setServerConfig);
        postgres = builder.start();
    }

    /** As an operator stops it: open transactions are rolled back, connections closed. */
    public void stop() throws IOException {
        postgres.close();
    }

    /** {@code kill -9} of the server and all its processes at once. */
    void kill() throws IOException, InterruptedException {
        ProcessHandle server = server();
        Signals.send("KILL", server);
        server.onExit().orTimeout(START.toSeconds(), TimeUnit.SECONDS).join();
        Files.deleteIfExists(directory.resolve("postmaster.pid"));
        release();
    }

    /** Closed for its lock on the directory; that there is nothing left to stop is no error here. */
    private void release() throws IOException {
        Logger log = (Logger) LoggerFactory.getLogger(EmbeddedPostgres.class);
        log.setLevel(Level.OFF);
        postgres.close();
        log.setLevel(null);
    }

    void freeze() throws IOException, InterruptedException {
        Signals.send("STOP", server());
    }

    void thaw() throws IOException, InterruptedException {
        Signals.send("CONT", server());
    }

    private ProcessHandle server() throws IOException {
        Path file = directory.resolve("postmaster.pid");
        long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow(() -> new IOException("no PostgreSQL has the id " + pid));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (postgres != null && Files.exists(directory.resolve("postmaster.pid"))) {
            thaw(); // a frozen one does not stop
            postgres.close();
        }
    }
}

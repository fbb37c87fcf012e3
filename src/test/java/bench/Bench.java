package bench;

import chaos.Machine;
import chaos.MarkedBlock;
import chaos.PostgresProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast the relay is, beside the limits of this machine, measured in the same run. */
@Command(
        name = "bin/bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Puts a relay under load and prints how many events a second it takes and works off, how long its"
                + " answers take, what that costs, and the ratios to bare commits and bare HTTP in the same run.")
public final class Bench implements Callable<Integer> {
    private static final String SECRET = "a secret for the benchmark";
    private static final Duration WORDPRESS_TAKES = Duration.ofMillis(5);
    private static final int STARTS = 5;
    private static final int MANY_FINISHED = 1_000_000;
    private static final int MANY_WAITING = 100_000;
    private static final Duration REST = Duration.ofSeconds(60);

    @Option(names = "--only", split = ",", description = "${COMPLETION-CANDIDATES}")
    private List<Part> only = List.of(Part.values());

    @Option(
            names = "--warm-up",
            defaultValue = "40",
            description = "Seconds under load before each relay's first measurement.")
    private int warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "20", description = "Seconds of each measurement.")
    private int seconds;

    @Option(names = "--minutes", defaultValue = "30", description = "Under load, of the part memory.")
    private int minutes;

    @Option(names = "--connections", defaultValue = "32", description = "Of the closed loop.")
    private int connections;

    @Option(names = "--rates", split = ",", defaultValue = "1000,5000", description = "Of the open loop, a second.")
    private List<Integer> rates;

    @Option(names = "--bytes", defaultValue = "2048", description = "How large an event is.")
    private int bytes;

    @Option(names = "--java", description = "Options for the relay's JVM in place of those of bin/relay.")
    private String javaOptions = "-Xms512m -Xmx512m -XX:+UseParallelGC";

    @Option(names = "--workers", defaultValue = "16", description = "RELAY_WORKERS of the relays.")
    private String workers;

    /** What is measured. */
    enum Part {
        limits,
        start,
        recording,
        intake,
        nothing,
        callback,
        growth,
        memory,
        embedded
    }

    @Option(
            names = "--beside",
            split = ",",
            description = "NAME=PORT:SECRET of a server on this machine that takes the same requests on the same path"
                    + " under the same load: what people would run instead.")
    private Map<String, String> beside = new LinkedHashMap<>();

    @Option(names = "--report", description = "A Markdown file in which the table is put.")
    private Path report;

    private final Table table = new Table();
    private Measuring measuring;
    private Path directory;
    private PostgresProcess database;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        System.out.println(Machine.describe());
        measuring = new Measuring(
                table, SECRET, connections, bytes, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
        directory = Files.createDirectories(Path.of("target/bench/" + System.currentTimeMillis()));
        database = new PostgresProcess(directory, false);
        database.start();
        try {
            for (Part part : Part.values()) {
                if (only.contains(part)) {
                    measure(part);
                }
            }
        } finally {
            database.close();
        }
        // A million events and more: the next run would find the disk full, and a broker that takes nothing then.
        FileSystemUtils.deleteRecursively(directory);
        for (Map.Entry<String, String> other : beside.entrySet()) {
            String[] portAndSecret = other.getValue().split(":", 2);
            measuring.other(other.getKey(), Integer.parseInt(portAndSecret[0]), portAndSecret[1], rates);
        }
        if (report != null) {
            new MarkedBlock(report, "bench").write(Machine.describe() + "\n\n" + table.markdown());
        }
        return 0;
    }

    private void measure(Part part) throws Exception {
        switch (part) {
            case limits -> limits();
            case start -> start();
            case recording -> recording();
            case intake -> intake();
            case nothing -> nothing();
            case callback -> callBack();
            case growth -> growth();
            case memory -> memory();
            case embedded -> embedded();
        }
    }

    private void limits() throws Exception {
        Duration warmUp = Duration.ofSeconds(5);
        Duration lasting = Duration.ofSeconds(seconds);
        table.bareCommits(
                "bare commits, one insert each, " + connections + " connections",
                Limits.commits(database.url(), connections, bytes, warmUp, lasting));
        table.bareHttp("bare HTTP, " + connections + " connections", Limits.http(connections, bytes, warmUp, lasting));
    }

    /** On the embedded defaults, on data that is there, as after a deployment. */
    private void start() throws Exception {
        try (BenchedRelay relay = relay("start", "nothing")) {
            relay.start();
            relay.stop();
            List<Double> firstAnswers = new ArrayList<>();
            for (int i = 0; i < STARTS; i++) {
                firstAnswers.add(relay.startToAccepted());
                relay.stop();
            }
            Collections.sort(firstAnswers);
            table.say(
                    "start to the first 202, embedded defaults",
                    "%.1f s in the middle of %d starts, %.1f s at most"
                            .formatted(firstAnswers.get(STARTS / 2), STARTS, firstAnswers.get(STARTS - 1)));
        }
    }

    /** With a broker that is away, so that nothing but the intake runs. */
    private void recording() throws Exception {
        BenchedRelay relay = relayOnPostgres("recording", "nothing").with("RELAY_BROKER_URL", "tcp://127.0.0.1:1");
        try (relay) {
            relay.start();
            measuring.warmUp(relay);
            measuring.closed("intake with the broker away", relay, database.pid());
        }
    }

    private void intake() throws Exception {
        try (BenchedRelay relay = relayOnPostgres("intake", "nothing")) {
            relay.start();
            measuring.warmUp(relay);
            relay.drain();
            measuring.closed("intake, PostgreSQL", relay, database.pid());
            for (int rate : rates) {
                relay.drain();
                measuring.open("intake, PostgreSQL", rate, relay, database.pid());
            }
            relay.drain();
        }
    }

    private void nothing() throws Exception {
        try (BenchedRelay relay = relayOnPostgres("nothing", "nothing")) {
            relay.start();
            measuring.warmUp(relay);
            measuring.endToEnd("received to done, an automation that does nothing", relay, database.pid());
        }
    }

    private void callBack() throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpServer wordPress = vertx.createHttpServer()
                .requestHandler(request ->
                        request.bodyHandler(body -> vertx.setTimer(WORDPRESS_TAKES.toMillis(), due -> request.response()
                                .putHeader("Content-Type", "application/json")
                                .end("{\"status\":\"applied\"}"))));
        wordPress
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        BenchedRelay relay = relayOnPostgres("call-back", "call-back")
                .with("WP_SITE_URL", "http://127.0.0.1:" + wordPress.actualPort())
                .with("WP_APP_USER", "relay")
                .with("WP_APP_PASSWORD", "a password");
        try (relay) {
            relay.start();
            measuring.warmUp(relay);
            measuring.endToEnd("received to done, call-back to a WordPress that takes 5 ms", relay, database.pid());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** On a relay that is warm and whose event log is small, and on the same one when that is large. */
    private void growth() throws Exception {
        try (BenchedRelay relay = relayOnPostgres("growth", "nothing")) {
            relay.start();
            measuring.warmUp(relay);
            measuring.endToEnd("received to done, a small event log", relay, database.pid());
            EventLogFiller filler = new EventLogFiller(database.url(), bytes);
            filler.addFinished(MANY_FINISHED);
            measuring.endToEnd(
                    "received to done, %,d finished events in the log".formatted(MANY_FINISHED), relay, database.pid());
            double done = relay.done();
            filler.addWaiting(MANY_WAITING);
            measuring.drain(
                    "%,d waiting events, from the first to the last".formatted(MANY_WAITING),
                    MANY_WAITING,
                    done,
                    relay,
                    database.pid());
        }
    }

    private void memory() throws Exception {
        try (BenchedRelay relay = relayOnPostgres("memory", "nothing")) {
            relay.start();
            measuring.warmUp(relay);
            measuring.memory("full load for %d minutes".formatted(minutes), relay, Duration.ofMinutes(minutes));
        }
    }

    private void embedded() throws Exception {
        try (BenchedRelay relay = relay("embedded", "nothing")) {
            relay.start();
            measuring.warmUp(relay);
            relay.drain();
            measuring.closed("intake, embedded defaults", relay, 0);
            measuring.endToEnd("received to done, embedded defaults", relay, 0);
            Thread.sleep(REST.toMillis());
            Cpu cpu = Cpu.of(relay.pid());
            Thread.sleep(REST.toMillis());
            table.say("idle, embedded defaults", "%.1f %% of a core".formatted(100 * cpu.seconds() / REST.toSeconds()));
        }
    }

    private BenchedRelay relay(String home, String automation) throws IOException {
        return new BenchedRelay(directory.resolve(home), automation, SECRET, javaOptions)
                .with("RELAY_WORKERS", workers);
    }

    private BenchedRelay relayOnPostgres(String home, String automation) throws IOException {
        return relay(home, automation).with("RELAY_DB_URL", database.url()).with("RELAY_DB_USER", "postgres");
    }
}

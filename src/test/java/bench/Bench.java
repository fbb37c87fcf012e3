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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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

    @Option(names = "--only", split = ",", description = "${COMPLETION-CANDIDATES}")
    private List<Part> only = List.of(Part.values());

    @Option(names = "--warm-up", defaultValue = "40", description = "Seconds before each measurement.")
    private int warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "20", description = "Seconds of each measurement.")
    private int seconds;

    @Option(names = "--connections", defaultValue = "32", description = "Of the closed loop.")
    private int connections;

    @Option(names = "--rates", split = ",", defaultValue = "1000,5000", description = "Of the open loop, a second.")
    private List<Integer> rates;

    @Option(names = "--bytes", defaultValue = "2048", description = "How large an event is.")
    private int bytes;

    @Option(names = "--java", description = "Options for the relay's JVM in place of those of bin/relay.")
    private String javaOptions = "-Xms512m -Xmx512m -XX:+UseParallelGC";

    /** What is measured. */
    enum Part {
        limits,
        recording,
        intake,
        embedded,
        nothing,
        callback
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

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        System.out.println(Machine.describe());
        Path directory = Files.createDirectories(Path.of("target/bench/" + System.currentTimeMillis()));
        PostgresProcess database = new PostgresProcess(directory, false);
        database.start();
        try {
            if (only.contains(Part.limits)) {
                limits(database);
            }
            if (only.contains(Part.recording)) {
                recording(directory, database);
            }
            if (only.contains(Part.intake) || only.contains(Part.nothing)) {
                postgresql(directory, database);
            }
            if (only.contains(Part.callback)) {
                callBack(directory, database);
            }
        } finally {
            database.close();
        }
        if (only.contains(Part.embedded)) {
            embedded(directory);
        }
        for (Map.Entry<String, String> other : beside.entrySet()) {
            other(other.getKey(), other.getValue());
        }
        if (report != null) {
            new MarkedBlock(report, "bench").write(Machine.describe() + "\n\n" + table.markdown());
        }
        return 0;
    }

    private Duration warmUp() {
        return Duration.ofSeconds(warmUpSeconds);
    }

    private Duration lasting() {
        return Duration.ofSeconds(seconds);
    }

    private void limits(PostgresProcess database) throws Exception {
        Duration warmUp = Duration.ofSeconds(5);
        table.bareCommits(
                "bare commits, one insert each, " + connections + " connections",
                Limits.commits(database.url(), connections, bytes, warmUp, lasting()));
        table.bareHttp(
                "bare HTTP, " + connections + " connections", Limits.http(connections, bytes, warmUp, lasting()));
    }

    /** Its processor time is not ours to find. */
    private void other(String name, String where) throws Exception {
        int port = Integer.parseInt(where.substring(0, where.indexOf(':')));
        String secret = where.substring(where.indexOf(':') + 1);
        try (Load load = new Load(port, secret, connections, bytes)) {
            load.closed(Duration.ZERO, warmUp());
            row(name + ", closed loop", load.closed(Duration.ZERO, lasting()), null, null);
        }
        for (int rate : rates) {
            try (Load load = new Load(port, secret, 2 * connections, bytes)) {
                row(name + ", open loop at " + rate + "/s", load.open(rate, Duration.ZERO, lasting()), null, null);
            }
        }
    }

    private void postgresql(Path directory, PostgresProcess database) throws Exception {
        BenchedRelay relay = relay(directory.resolve("postgresql"), "nothing")
                .with("RELAY_DB_URL", database.url())
                .with("RELAY_DB_USER", "postgres");
        try (relay) {
            relay.start();
            if (only.contains(Part.intake)) {
                closed("intake, PostgreSQL", relay, database.pid());
                for (int rate : rates) {
                    open(rate, relay, database.pid());
                }
            }
            if (only.contains(Part.nothing)) {
                endToEnd("received to done, an automation that does nothing", relay, database.pid());
            }
        }
    }

    /** With a broker that is away, so that nothing but the intake runs. */
    private void recording(Path directory, PostgresProcess database) throws Exception {
        BenchedRelay relay = relay(directory.resolve("recording"), "nothing")
                .with("RELAY_DB_URL", database.url())
                .with("RELAY_DB_USER", "postgres")
                .with("RELAY_BROKER_URL", "tcp://127.0.0.1:1");
        try (relay) {
            relay.start();
            try (Load load = new Load(relay.port(), SECRET, connections, bytes)) {
                load.closed(Duration.ZERO, warmUp());
                Cpu cpu = Cpu.of(relay.pid());
                Cpu databaseCpu = Cpu.of(database.pid());
                row(
                        "intake with the broker away, closed loop",
                        load.closed(Duration.ZERO, lasting()),
                        cpu,
                        databaseCpu);
            }
        }
    }

    private void callBack(Path directory, PostgresProcess database) throws Exception {
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
        BenchedRelay relay = relay(directory.resolve("call-back"), "call-back")
                .with("RELAY_DB_URL", database.url())
                .with("RELAY_DB_USER", "postgres")
                .with("RELAY_WORKERS", "16")
                .with("WP_SITE_URL", "http://127.0.0.1:" + wordPress.actualPort())
                .with("WP_APP_USER", "relay")
                .with("WP_APP_PASSWORD", "a password");
        try (relay) {
            relay.start();
            endToEnd("received to done, call-back to a WordPress that takes 5 ms", relay, database.pid());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private void embedded(Path directory) throws Exception {
        try (BenchedRelay relay = relay(directory.resolve("embedded"), "nothing")) {
            relay.start();
            closed("intake, embedded defaults", relay, 0);
            endToEnd("received to done, embedded defaults", relay, 0);
        }
    }

    private BenchedRelay relay(Path home, String automation) throws IOException {
        return new BenchedRelay(home, automation, SECRET, javaOptions);
    }

    private void closed(String name, BenchedRelay relay, long databasePid) throws Exception {
        try (Load load = new Load(relay.port(), SECRET, connections, bytes)) {
            load.closed(Duration.ZERO, warmUp());
            Cpu cpu = Cpu.of(relay.pid());
            Cpu databaseCpu = databasePid == 0 ? null : Cpu.of(databasePid);
            Measured measured = load.closed(Duration.ZERO, lasting());
            row(name + ", closed loop", measured, cpu, databaseCpu);
        }
        relay.drain();
    }

    private void open(int rate, BenchedRelay relay, long databasePid) throws Exception {
        try (Load load = new Load(relay.port(), SECRET, 2 * connections, bytes)) {
            load.open(rate, Duration.ZERO, Duration.ofSeconds(5));
            Cpu cpu = Cpu.of(relay.pid());
            Cpu databaseCpu = databasePid == 0 ? null : Cpu.of(databasePid);
            Measured measured = load.open(rate, Duration.ZERO, lasting());
            row("intake, open loop at " + rate + "/s", measured, cpu, databaseCpu);
        }
        relay.drain();
    }

    /** Events done over the time of the load and of the drain after it: who accepts faster than it works shows here. */
    private void endToEnd(String name, BenchedRelay relay, long databasePid) throws Exception {
        try (Load load = new Load(relay.port(), SECRET, connections, bytes)) {
            load.closed(Duration.ZERO, warmUp());
            relay.drain();
            Cpu cpu = Cpu.of(relay.pid());
            Cpu databaseCpu = databasePid == 0 ? null : Cpu.of(databasePid);
            double before = relay.done();
            long start = System.nanoTime();
            Measured measured = load.closed(Duration.ZERO, lasting());
            long loaded = System.nanoTime();
            relay.drain();
            double events = relay.done() - before;
            double perSecond = events / ((System.nanoTime() - start) / 1e9);
            table.add(
                    name,
                    perSecond,
                    measured,
                    each(cpu, events),
                    each(databaseCpu, events),
                    "accepted %.0f/s, drained for %.1f s"
                            .formatted(measured.perSecond(), (System.nanoTime() - loaded) / 1e9));
        }
    }

    /** @param cpu since the load began; null where nobody knows */
    private void row(String name, Measured measured, Cpu cpu, Cpu databaseCpu) {
        boolean isAllAccepted = measured.statuses().keySet().stream().allMatch(status -> status == 202);
        table.add(
                name,
                measured.perSecond(),
                measured,
                each(cpu, measured.acceptedInAll()),
                each(databaseCpu, measured.acceptedInAll()),
                isAllAccepted ? "" : "answers " + measured.statuses());
    }

    private static String each(Cpu cpu, double events) {
        return cpu == null ? "" : "%.2f".formatted(1000 * cpu.seconds() / events);
    }
}

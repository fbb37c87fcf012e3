package chaos;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import operations.RelayProcess;

/** The real processes that a row runs on: relays, and what they are set up with. All on 127.0.0.1 and free ports. */
final class Stage implements AutoCloseable {
    /** Short, so that a recovery can be seen: about two minutes in all. */
    private static final String RETRY_DELAYS = "1s,2s,4s,8s,15s,30s,60s";
    /** What waits in an outage of a minute must not meet the limit, which is another promise. */
    private static final String BACKLOG_LIMIT = "1000000";

    private static final String SECRET = "a secret for the harness";

    private final Path directory;
    private final Sabotage sabotage;
    private final Map<String, String> settings = new HashMap<>();
    private final Deque<AutoCloseable> open = new ConcurrentLinkedDeque<>();
    private final List<RelayProcess> relays = new ArrayList<>();
    private final List<BrokerProcess> brokers = new ArrayList<>();
    private final Receiver receiver;
    private final AiServer ai;
    private PostgresProcess database;
    private SmallDisk disk;
    private Wire wire;

    private Stage(Path directory, Sabotage sabotage) throws Exception {
        this.directory = Files.createDirectories(directory).toAbsolutePath();
        this.sabotage = sabotage;
        Vertx vertx = Vertx.vertx();
        open.push(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
        receiver = new Receiver(vertx, new Effects(sabotage == Sabotage.FORGETFUL_SITE));
        open.push(receiver);
        ai = new AiServer(vertx);
        open.push(ai);
        with("WP_RELAY_SECRET", SECRET);
        with("WP_SITE_URL", receiver.url());
        with("WP_APP_USER", Receiver.USER);
        with("WP_APP_PASSWORD", Receiver.PASSWORD);
        with("AI_PROVIDER", "openai");
        with("AI_BASE_URL", ai.url());
        with("AI_MODEL", "chaos");
        with("RELAY_RETRY_DELAYS", RETRY_DELAYS);
        with("RELAY_BACKLOG_LIMIT", BACKLOG_LIMIT);
        with("RELAY_RATE_LIMIT", "100000");
    }

    /** Nothing but a receiver and an AI, with a relay that is somewhere else. */
    static Stage around(Path directory, int relayPort) throws Exception {
        return opening(directory, Sabotage.NONE, stage -> stage.wire = new Wire(List.of(relayPort), SECRET));
    }

    /** One relay on its embedded database and broker. */
    static Stage embedded(Path directory, Sabotage sabotage) throws Exception {
        return opening(directory, sabotage, stage -> stage.relays(1));
    }

    /** Two relays on one PostgreSQL and one Artemis. */
    static Stage production(Path directory, Sabotage sabotage) throws Exception {
        return opening(
                directory, sabotage, stage -> stage.withDatabase().withBroker().relays(2));
    }

    /** Two relays on one PostgreSQL and a pair of Artemis, primary and backup, on one journal. */
    static Stage brokerPair(Path directory, Sabotage sabotage) throws Exception {
        return opening(directory, sabotage, stage -> stage.withDatabase()
                .withBrokerPair()
                .relays(2));
    }

    /** One relay on its embedded database and broker, with its data on a small disk. */
    static Stage smallDisk(Path directory, Sabotage sabotage, SmallDisk.Under under) throws Exception {
        return opening(directory, sabotage, stage -> {
            stage.disk = SmallDisk.mount(stage.directory.resolve("relay-1"), under);
            stage.open.push(stage.disk);
            stage.relays(1);
        });
    }

    /** What makes a stage out of an empty one. */
    private interface Building {
        void build(Stage stage) throws Exception;
    }

    private static Stage opening(Path directory, Sabotage sabotage, Building building) throws Exception {
        Stage stage = new Stage(directory, sabotage);
        Leftovers.closeAtExit(stage);
        try {
            building.build(stage);
            return stage;
        } catch (Exception | AssertionError e) {
            stage.close();
            throw e;
        }
    }

    private void with(String variable, String value) {
        settings.put(variable, value);
    }

    private Stage withDatabase() throws IOException {
        database = new PostgresProcess(directory, sabotage == Sabotage.LAZY_DATABASE);
        open.push(database);
        database.start();
        with("RELAY_DB_URL", database.url());
        with("RELAY_DB_USER", "postgres");
        return this;
    }

    private Stage withBroker() throws IOException {
        BrokerProcess broker = broker("broker");
        broker.start();
        with("RELAY_BROKER_URL", "tcp://127.0.0.1:" + broker.port());
        return this;
    }

    private Stage withBrokerPair() throws IOException {
        BrokerProcess primary = broker("primary");
        BrokerProcess backup = broker("backup");
        BrokerProcess.pair(primary, backup);
        primary.start();
        backup.start();
        with(
                "RELAY_BROKER_URL",
                "(tcp://127.0.0.1:%d,tcp://127.0.0.1:%d)?ha=true&reconnectAttempts=-1"
                        .formatted(primary.port(), backup.port()));
        return this;
    }

    private BrokerProcess broker(String name) {
        BrokerProcess broker = new BrokerProcess(directory, name);
        brokers.add(broker);
        open.push(broker);
        return broker;
    }

    private void relays(int count) throws IOException {
        for (int number = 1; number <= count; number++) {
            Path home = Files.createDirectories(directory.resolve("relay-" + number));
            RelayProcess relay = new RelayProcess(home).asInProduction();
            settings.forEach(relay::with);
            relays.add(relay);
            open.push(relay);
            relay.launch();
        }
        relays.forEach(RelayProcess::awaitReady);
        wire = new Wire(relays.stream().map(RelayProcess::port).toList(), SECRET);
    }

    RelayProcess relay() {
        return relays.get(0);
    }

    List<RelayProcess> relays() {
        return relays;
    }

    /** The only broker, or the primary of a pair. */
    BrokerProcess broker() {
        return brokers.get(0);
    }

    PostgresProcess database() {
        return database;
    }

    SmallDisk disk() {
        return disk;
    }

    Receiver receiver() {
        return receiver;
    }

    AiServer ai() {
        return ai;
    }

    Wire wire() {
        return wire;
    }

    Path directory() {
        return directory;
    }

    /** Ends everything, the relays first; one that cannot be closed keeps none of the others open. */
    @Override
    public void close() {
        Leftovers.isClosed(this);
        for (AutoCloseable next = open.pollFirst(); next != null; next = open.pollFirst()) {
            try {
                next.close();
            } catch (Exception | AssertionError e) {
                System.err.println("Closing a stage: " + e);
            }
        }
    }
}

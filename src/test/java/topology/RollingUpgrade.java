package topology;

import static org.awaitility.Awaitility.await;

import chaos.BrokerProcess;
import chaos.Effects;
import chaos.PostgresProcess;
import chaos.Receiver;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import operations.RelayProcess;
import routes.Client;
import routes.Samples;

/**
 * A rolling upgrade from another version, and the way back, under a steady load: {@code src/test/topology/upgrade.sh}.
 * Each event that is accepted has one effect, whichever of the two took it and whichever did it.
 */
final class RollingUpgrade implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String SECRET = "a secret for the upgrade";
    /** So many more are accepted before something is taken for working. */
    private static final int SOME = 50;

    private static final List<Integer> DEAD = List.of(101, 103, 105);
    private static final List<Integer> WAITING = List.of(200, 201, 202, 203, 204);

    private final Vertx vertx = Vertx.vertx();
    private final Receiver receiver;
    private final PostgresProcess database;
    private final BrokerProcess broker;
    private final RelayProcess before;
    private final RelayProcess after;

    private RollingUpgrade(Path previous, Path directory) throws Exception {
        receiver = new Receiver(vertx, new Effects(false));
        database = new PostgresProcess(directory, false);
        broker = new BrokerProcess(directory, "broker");
        database.start();
        broker.start();
        before = connected(new RelayProcess(previous, Files.createDirectories(directory.resolve("before"))));
        after = connected(new RelayProcess(Files.createDirectories(directory.resolve("after"))));
    }

    private RelayProcess connected(RelayProcess relay) {
        return relay.with("RELAY_DB_URL", database.url())
                .with("RELAY_DB_USER", "postgres")
                .with("RELAY_BROKER_URL", "tcp://127.0.0.1:" + broker.port())
                .with(
                        "RELAY_AUTOMATIONS_DIR",
                        Path.of("src/test/resources/topology").toAbsolutePath().toString())
                .with("RELAY_RETRY_DELAYS", "20s,20s,20s,20s,20s,20s")
                .with("WP_RELAY_SECRET", SECRET)
                .with("WP_SITE_URL", receiver.url())
                .with("WP_APP_USER", Receiver.USER)
                .with("WP_APP_PASSWORD", Receiver.PASSWORD);
    }

    /** @param arguments where the other version was built */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("upgrade");
        System.out.println("Logs and data: " + directory);
        try (RollingUpgrade upgrade = new RollingUpgrade(Path.of(arguments[0]).toAbsolutePath(), directory)) {
            upgrade.run();
        }
        System.exit(0);
    }

    private void run() throws Exception {
        before.start();
        DEAD.forEach(target -> receiver.poison(target));
        DEAD.forEach(target -> send(before, target));
        await().atMost(PATIENCE).until(() -> count(before, "error") == DEAD.size());
        receiver.mode(Receiver.Mode.ERROR_500);
        WAITING.forEach(target -> send(before, target));
        await().atMost(PATIENCE).until(() -> before.log().split("failed at attempt 1").length > WAITING.size());
        receiver.mode(Receiver.Mode.OK);
        say("The old one has events that are dead and that wait for a later try.");
        try (Traffic toOld = new Traffic(before.client(SECRET))) {
            awaitSomeAccepted(toOld);
            after.start();
            say("The new one is ready, beside it; the old one was answered " + toOld.answers());
            try (Traffic toNew = new Traffic(after.client(SECRET))) {
                awaitSomeAccepted(toOld);
                awaitSomeAccepted(toNew);
                settle(toOld);
                settle(toNew);
                check(toOld.answers().keySet().equals(Set.of(202)), "no request is refused: " + toOld.answers());
                say("Both take and do events, each once: " + toOld.answers() + " and " + toNew.answers());
                WAITING.forEach(this::awaitEffect);
                say("What waited for a later try is done, each once.");
            }
        }
        check(before.terminate() == 0, "the old one stops in order");
        checkLog(before);
        check(count(after, "error") == DEAD.size(), "the new one knows the dead ones");
        check(after.terminate() == 0, "the new one stops in order");
        before.start();
        try (Traffic back = new Traffic(before.client(SECRET))) {
            awaitSomeAccepted(back);
            settle(back);
            say("The old one works on the tables of the new one: " + back.answers());
        }
        checkLog(before);
        System.out.println("The upgrade, and the way back, lost nothing and did nothing twice.");
    }

    private static void send(RelayProcess relay, int target) {
        String key = key(target);
        Client client = relay.client(SECRET);
        String event = Samples.comment(key, "Hello").put("comment_id", target).toString();
        check(client.send(key, event).status() == 202, key + " is accepted");
    }

    private static String key(int target) {
        return "upgrade-" + target;
    }

    private static long count(RelayProcess relay, String status) throws Exception {
        return relay.command("events", "--status", status)
                .lines()
                .filter(line -> line.contains("comment.created"))
                .count();
    }

    private static void awaitSomeAccepted(Traffic traffic) {
        int accepted = traffic.accepted();
        await().atMost(PATIENCE).until(() -> traffic.accepted() >= accepted + SOME);
    }

    private void settle(Traffic traffic) {
        await().atMost(PATIENCE).until(traffic::isAllAccepted);
        await().atMost(PATIENCE)
                .until(() -> traffic.without(1, receiver.effects()::count).isEmpty());
    }

    private void awaitEffect(int target) {
        await().atMost(PATIENCE).until(() -> receiver.effects().count(target) == 1);
    }

    /** No other error than the dead letters, which were meant to be. */
    private static void checkLog(RelayProcess relay) throws IOException {
        List<String> errors = relay.log()
                .lines()
                .filter(line -> line.contains(" ERROR ") || line.contains("cannot be dispatched"))
                .filter(line -> DEAD.stream().noneMatch(target -> line.contains(key(target))))
                .toList();
        check(errors.isEmpty(), "the old one logs no error: " + errors);
    }

    private static void check(boolean isSo, String what) {
        if (!isSo) {
            throw new AssertionError("Not so: " + what);
        }
    }

    private static void say(String what) {
        System.out.println(what);
    }

    @Override
    public void close() throws Exception {
        before.close();
        after.close();
        broker.close();
        database.close();
        receiver.close();
        vertx.close();
    }
}

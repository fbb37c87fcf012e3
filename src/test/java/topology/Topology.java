package topology;

import static org.awaitility.Awaitility.await;

import chaos.Effects;
import chaos.PostgresProcess;
import chaos.Receiver;
import ingress.TestKeystore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import operations.RelayProcess;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import routes.Client;
import routes.TestRelay;

/**
 * What {@code docker/compose.yaml} has, as processes on this machine and on its own files: two relays behind HAProxy
 * with TLS, PostgreSQL, a primary Artemis and its backup. WordPress is a {@link Receiver}.
 */
final class Topology implements AutoCloseable {
    static final String SECRET = "a secret for the topology";
    static final String BROKER_USER = "relay";
    static final String BROKER_PASSWORD = "a password of the broker";
    /** Where the sender is; whoever comes from another address is refused. */
    static final String SENDER = "127.0.0.1";

    private static final Path DOCKER = Path.of("docker").toAbsolutePath();

    private final Path directory;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final List<RelayProcess> relays = new ArrayList<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private final TestKeystore certificate;
    private final Receiver receiver;
    private final PostgresProcess database;
    private final ChildProcess primary;
    private final ChildProcess backup;

    Topology(Path directory) throws Exception {
        this.directory = directory;
        try {
            Vertx vertx = Vertx.vertx();
            open.push(() ->
                    vertx.close().toCompletionStage().toCompletableFuture().join());
            receiver = closed(new Receiver(vertx, new Effects(false)));
            certificate = TestKeystore.create(directory.resolve("proxy.p12"), "proxy.example");
            database = closed(new PostgresProcess(directory, false));
            primary = closed(broker("primary", "backup"));
            backup = closed(broker("backup", "primary"));
            database.start();
            // One after the other: a backup that comes first would take the primary's place, and give it back.
            primary.start();
            primary.awaitLog("The broker is up.");
            backup.start();
            awaitPair();
            relays.add(closed(relay(1)).launch());
            relays.add(closed(relay(2)).launch());
            closed(proxy()).start();
            relays.forEach(RelayProcess::awaitReady);
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    /** Clients go over to a backup that the primary has told them of, and to no other. */
    private void awaitPair() throws Exception {
        try (ServerLocator locator =
                        ActiveMQClient.createServerLocator("tcp://127.0.0.1:%d?ha=true".formatted(port("primary")));
                ClientSessionFactory connected = locator.createSessionFactory()) {
            await().atMost(Duration.ofMinutes(1)).until(() -> locator.getTopology().getMembers().stream()
                    .anyMatch(member -> member.getBackup() != null));
        }
    }

    private <T extends AutoCloseable> T closed(T part) {
        open.push(part);
        return part;
    }

    private int port(String name) {
        return ports.computeIfAbsent(name, unseen -> TestRelay.freePort());
    }

    private ChildProcess broker(String role, String other) {
        Map<String, String> environment = Map.of(
                "BROKER_ROLE",
                role,
                "BROKER_NAME",
                role,
                "BROKER_DATA",
                directory.resolve("broker").toString(),
                "BROKER_ETC",
                DOCKER.resolve("artemis").toString(),
                "BROKER_LISTEN",
                "127.0.0.1:" + port(role),
                "BROKER_SELF",
                "127.0.0.1:" + port(role),
                "BROKER_OTHER",
                "127.0.0.1:" + port(other),
                "BROKER_CLUSTER_PASSWORD",
                "of this pair only");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                DOCKER.resolve("artemis/broker.xml").toString());
        return new ChildProcess(directory.resolve(role + ".log"), environment, command);
    }

    private RelayProcess relay(int number) throws IOException {
        String brokers = "(tcp://127.0.0.1:%d,tcp://127.0.0.1:%d)?ha=true&reconnectAttempts=-1"
                .formatted(port("primary"), port("backup"));
        return new RelayProcess(Files.createDirectories(directory.resolve("relay-" + number)))
                .with("RELAY_DB_URL", database.url())
                .with("RELAY_DB_USER", "postgres")
                .with("RELAY_BROKER_URL", brokers)
                .with("RELAY_BROKER_USER", BROKER_USER)
                .with("RELAY_BROKER_PASSWORD", BROKER_PASSWORD)
                .with("RELAY_TRUSTED_PROXIES", "127.0.0.1")
                .with("RELAY_ALLOWED_ADDRESSES", SENDER)
                .with(
                        "RELAY_AUTOMATIONS_DIR",
                        Path.of("src/test/resources/topology").toAbsolutePath().toString())
                .with("RELAY_STOP_DELAY", "3s")
                .with("RELAY_RETRY_DELAYS", "1s,2s,4s,8s,15s")
                .with("WP_RELAY_SECRET", SECRET)
                .with("WP_SITE_URL", receiver.url())
                .with("WP_APP_USER", Receiver.USER)
                .with("WP_APP_PASSWORD", Receiver.PASSWORD);
    }

    private ChildProcess proxy() throws Exception {
        Process finding = new ProcessBuilder(
                        "src/test/debian/program.sh",
                        "haproxy",
                        "/usr/sbin/haproxy",
                        "liblua5.3-0",
                        "libopentracing-c-wrapper0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String program = new String(finding.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        Map<String, String> environment = new HashMap<>(Map.of(
                "PROXY_CERTIFICATE",
                certificate.asPem(directory.resolve("proxy.pem")).toString()));
        for (String name : List.of("PROXY_HTTPS", "PROXY_HTTP", "PROXY_PLAIN", "PROXY_STATS", "PROXY_SITE")) {
            environment.put(name, "127.0.0.1:" + port(name));
        }
        for (int i = 0; i < relays.size(); i++) {
            environment.put("RELAY_" + (i + 1), "127.0.0.1:" + relays.get(i).port());
            environment.put(
                    "RELAY_" + (i + 1) + "_HEALTH",
                    Integer.toString(relays.get(i).managementPort()));
        }
        return new ChildProcess(
                directory.resolve("proxy.log"),
                environment,
                List.of(program, "-f", DOCKER.resolve("proxy/haproxy.cfg").toString()));
    }

    /** Sends through the proxy, over TLS. */
    Client client() {
        return Client.overTls(port("PROXY_HTTPS"), SECRET, certificate.trust());
    }

    int proxyPort() {
        return port("PROXY_HTTPS");
    }

    /** How many relays the proxy gives requests to. */
    long up() throws Exception {
        return TopologyIT.get("http://127.0.0.1:" + port("PROXY_STATS") + "/metrics")
                .lines()
                .filter(line -> line.matches("haproxy_server_status\\{.*state=\"UP\".*} 1"))
                .count();
    }

    TestKeystore certificate() {
        return certificate;
    }

    RelayProcess relay(boolean isFirst) {
        return relays.get(isFirst ? 0 : 1);
    }

    List<RelayProcess> relays() {
        return relays;
    }

    Receiver receiver() {
        return receiver;
    }

    PostgresProcess database() {
        return database;
    }

    ChildProcess primary() {
        return primary;
    }

    ChildProcess backup() {
        return backup;
    }

    @Override
    public void close() {
        for (AutoCloseable next = open.pollFirst(); next != null; next = open.pollFirst()) {
            try {
                next.close();
            } catch (Exception | AssertionError e) {
                System.err.println("Closing the topology: " + e);
            }
        }
    }
}

package deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import routes.TestRelay;

/** The files of {@code docker/artemis}, in two processes as in the composition. */
@TestMethodOrder(OrderAnnotation.class)
class ArtemisPairTest {
    private static final Duration START = Duration.ofSeconds(60);
    private static final long PATIENCE_MILLIS = 10_000;
    private static final Path FILES = Path.of("docker", "artemis").toAbsolutePath();
    private static final String USER = "relay";
    private static final String PASSWORD = "of-this-test";

    private static final int PRIMARY = TestRelay.freePort();
    private static final int BACKUP = TestRelay.freePort();

    @TempDir
    static Path directory;

    private static Process primary;
    private static Process backup;

    @BeforeAll
    static void start() throws IOException {
        primary = launch("primary", PRIMARY, BACKUP);
        await().atMost(START).ignoreExceptions().until(() -> {
            connect(USER, PASSWORD).close();
            return true;
        });
        backup = launch("backup", BACKUP, PRIMARY);
    }

    @AfterAll
    static void stop() {
        primary.destroyForcibly();
        backup.destroyForcibly();
    }

    private static Process launch(String role, int port, int other) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PairedBroker.class.getName(),
                        FILES.resolve("broker.xml").toString(),
                        USER,
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), role + ".log"));
        builder.environment()
                .putAll(new HashMap<>(Map.of(
                        "BROKER_ROLE",
                        role,
                        "BROKER_NAME",
                        role,
                        "BROKER_DATA",
                        directory.resolve("data").toString(),
                        "BROKER_ETC",
                        FILES.toString(),
                        "BROKER_LISTEN",
                        "127.0.0.1:" + port,
                        "BROKER_SELF",
                        "127.0.0.1:" + port,
                        "BROKER_OTHER",
                        "127.0.0.1:" + other,
                        "BROKER_CLUSTER_PASSWORD",
                        "of this pair")));
        return builder.start();
    }

    /** As a relay's RELAY_BROKER_URL has it. */
    private static ActiveMQConnectionFactory factory() {
        return new ActiveMQConnectionFactory("(tcp://127.0.0.1:" + PRIMARY + ",tcp://127.0.0.1:" + BACKUP
                + ")?ha=true&initialConnectAttempts=1&reconnectAttempts=-1");
    }

    @SuppressWarnings("resource") // With the factory its connections would be closed.
    private static Connection connect(String user, String password) throws JMSException {
        return connect(factory(), user, password);
    }

    private static Connection connect(ActiveMQConnectionFactory factory, String user, String password)
            throws JMSException {
        Connection connection = factory.createConnection(user, password);
        connection.start();
        return connection;
    }

    @Test
    @Order(1)
    void nobody_comes_in_without_the_password() {
        assertThrows(JMSSecurityException.class, () -> connect(USER, "another"));
    }

    @Test
    @Order(2)
    void a_queue_that_is_not_the_relays_is_not_made() throws JMSException {
        try (Connection connection = connect(USER, PASSWORD);
                Session session = connection.createSession()) {
            Queue unknown = session.createQueue("relay.unknown");
            assertThrows(JMSException.class, () -> session.createProducer(unknown));
        }
    }

    @Test
    @Order(3)
    void the_backup_has_the_messages_of_a_primary_that_was_killed() throws Exception {
        try (ActiveMQConnectionFactory factory = factory();
                Connection connection = connect(factory, USER, PASSWORD);
                Session session = connection.createSession()) {
            // The primary tells its clients who follows it, once that one has made itself known.
            await().atMost(START).until(() -> factory.getServerLocator().getTopology().getMembers().stream()
                    .anyMatch(member -> member.getBackup() != null));
            Queue events = session.createQueue("relay.events");
            session.createProducer(events).send(session.createTextMessage("before"));
            primary.destroyForcibly().waitFor();
            // A call that is under way when the connection changes over is given back as an error, once.
            Message message = await().atMost(START)
                    .ignoreExceptions()
                    .until(() -> session.createConsumer(events).receive(PATIENCE_MILLIS), Objects::nonNull);
            assertEquals("before", message.getBody(String.class));
        }
    }
}

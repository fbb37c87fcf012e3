package routes;

import ingress.TestKeystore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import operations.DatabaseMigration;
import operations.Settings;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.main.Main;
import org.apache.hc.client5.http.DnsResolver;
import org.awaitility.Awaitility;

/** A whole relay in this process, on free ports and a directory of its own, as {@code Application} makes it. */
public final class TestRelay implements AutoCloseable {
    public static final String SECRET = "a secret for tests, äöü & <b>";

    /** Where commands look for it, as in {@code application.properties}. */
    private static final String MANAGEMENT_PORT = "relay.management.port";

    private final Map<String, String> environment = new HashMap<>();
    private final Path dataDir;
    private TestKeystore tls;
    private DnsResolver dns;
    private Clock budgetClock;
    private Main main;

    public TestRelay(Path dataDir) {
        this.dataDir = dataDir;
        with("RELAY_DATA_DIR", dataDir.toString());
        with("RELAY_AUTOMATIONS_DIR", dataDir.resolve("automations").toString());
        with("RELAY_PORT", Integer.toString(freePort()));
        with("RELAY_MANAGEMENT_PORT", Integer.toString(freePort()));
        with("RELAY_CONSOLE_PORT", "0");
        with("WP_RELAY_SECRET", SECRET);
        with("RELAY_WORKERS", "2");
        with("RELAY_RATE_LIMIT", "100000");
    }

    public TestRelay with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Answers over TLS, and its clients believe it. */
    TestRelay with(TestKeystore keystore) {
        tls = keystore;
        return with("RELAY_TLS_KEYSTORE", keystore.file().toString()).with("RELAY_TLS_PASSWORD", TestKeystore.PASSWORD);
    }

    /** Brings results to a WordPress, as a user of its. */
    public TestRelay bringingResultsTo(String url) {
        return with("WP_SITE_URL", url).with("WP_APP_USER", "relay").with("WP_APP_PASSWORD", "abcd efgh ijkl");
    }

    /** Asks a server with OpenAI's chat completions. */
    public TestRelay asking(String server) {
        return with("AI_PROVIDER", "openai").with("AI_BASE_URL", server + "/v1").with("AI_MODEL", "a-model");
    }

    /** Looks up the hosts of sites there. */
    TestRelay with(DnsResolver resolver) {
        dns = resolver;
        return this;
    }

    /** Has days of paid AI that begin at its midnight. */
    public TestRelay with(Clock clock) {
        budgetClock = clock;
        return this;
    }

    public TestRelay start() throws Exception {
        main = Application.create(Settings.of(environment, defaults()));
        // Without a console there are no MBeans, from which the coverage of routes is read.
        main.addOverrideProperty("camel.main.jmxEnabled", "true");
        if (dns != null) {
            main.bind("dnsResolver", dns);
        }
        if (budgetClock != null) {
            main.bind("budgetClock", budgetClock);
        }
        main.start();
        return this;
    }

    /** As {@link #start}, and waits until it records. */
    public TestRelay startReady() throws Exception {
        start();
        Awaitility.await().until(bean(DatabaseMigration.class)::isDone);
        return this;
    }

    /** From now on the commands of this process, such as {@code show}, ask this relay, until it is closed. */
    public TestRelay forCommands() {
        System.setProperty(MANAGEMENT_PORT, environment.get("RELAY_MANAGEMENT_PORT"));
        return this;
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public <T> T bean(Class<T> type) {
        return context().getRegistry().findSingleByType(type);
    }

    public Client client() {
        return client(SECRET);
    }

    public Client client(String secret) {
        return tls == null ? new Client(port(), secret) : Client.overTls(port(), secret, tls.trust());
    }

    public int port() {
        return Integer.parseInt(environment.get("RELAY_PORT"));
    }

    public String managementUrl() {
        return "http://127.0.0.1:" + environment.get("RELAY_MANAGEMENT_PORT");
    }

    @Override
    public void close() throws Exception {
        System.clearProperty(MANAGEMENT_PORT);
        dumpRouteCoverage();
        main.stop();
    }

    /** What the routes of this relay did, one file a relay: {@code target/camel-route-coverage}. */
    private void dumpRouteCoverage() throws Exception {
        ManagedCamelContext managed = context().getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
        Path directory = Files.createDirectories(Path.of("target", "camel-route-coverage"));
        Files.writeString(
                directory.resolve(dataDir.getFileName() + ".xml"),
                managed.getManagedCamelContext().dumpRoutesCoverageAsXml());
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Properties defaults() throws IOException {
        Properties defaults = new Properties();
        try (var file = TestRelay.class.getResourceAsStream("/application.properties")) {
            defaults.load(file);
        }
        return defaults;
    }
}

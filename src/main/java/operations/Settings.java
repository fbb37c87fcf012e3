package operations;

import automations.AutomationsDirectory;
import console.ConsoleSettings;
import ingress.TlsKeystore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import logging.LogSettings;
import sites.Addresses;
import sites.SitesFile;
import tracing.TraceSettings;

/**
 * Everything an operator can set, read and checked once at the start. Immutable; the manual is
 * {@code application.properties}.
 */
public record Settings(
        int port,
        String managementHost,
        int managementPort,
        String adminToken,
        ConsoleSettings console,
        Addresses allowedAddresses,
        Addresses trustedProxies,
        Addresses privateAddresses,
        Tls tls,
        Path dataDir,
        AutomationsDirectory automations,
        Database database,
        Broker broker,
        Optional<SitesFile> sites,
        SiteSettings site,
        AiSettings ai,
        MoneySettings money,
        CrmSettings crm,
        int workers,
        int batchWorkers,
        List<Duration> retryDelays,
        int rateLimit,
        int backlogLimit,
        int retentionDays,
        Duration siteSilence,
        Duration stopDelay,
        Optional<SecretKey> piiKey,
        TraceSettings traces,
        LogSettings logs) {

    private static final int HIGHEST_PORT = 65_535;
    private static final int MOST_WORKERS = 256;
    private static final int HIGHEST_RATE = 1_000_000;
    private static final int HIGHEST_BACKLOG = 100_000_000;
    private static final int LONGEST_RETENTION_DAYS = 36_500;

    /** In characters: of random hexadecimal ones they are 64 bits, which nobody guesses over a network. */
    private static final int SHORTEST_TOKEN = 16;

    /** A site is not asked more often than that. */
    private static final Duration SHORTEST_SILENCE = Duration.ofMinutes(5);

    /** The rest of the half minute that others wait for a stop is for what is in hand. */
    private static final Duration LONGEST_STOP_DELAY = Duration.ofSeconds(10);

    /** In bytes: A256GCM has 256 bits (RFC 7518, 5.3). */
    private static final int PII_KEY = 32;

    /** What the one site of a simple install is set with, and a sites file in its place. */
    private static final List<String> OF_ONE_SITE =
            List.of("WP_SITE_URL", "WP_APP_USER", "WP_RELAY_SECRET", "WP_RELAY_SECRET_NEXT");

    /** @param keystore a file, empty for plain HTTP; with its password, if it is PKCS#12 */
    public record Tls(String keystore, String password) {
        public Optional<TlsKeystore> open() {
            return keystore.isEmpty() ? Optional.empty() : Optional.of(new TlsKeystore(Path.of(keystore), password));
        }
    }

    /** @param url a JDBC URL, empty for the embedded H2 */
    public record Database(String url, String user, String password) {
        public boolean isEmbedded() {
            return url.isEmpty();
        }
    }

    /** @param url a broker URL, empty for the embedded Artemis */
    public record Broker(String url, String user, String password) {
        public boolean isEmbedded() {
            return url.isEmpty();
        }
    }

    /** @throws SettingsException naming the first variable that cannot be used */
    public static Settings ofProcess() {
        return read(new SettingsSource(Variables.ofProcess()));
    }

    /** As {@link #ofProcess()}, from the given environment and defaults. */
    public static Settings of(Map<String, String> environment, Properties defaults) {
        return read(new SettingsSource(new Variables(environment, defaults)));
    }

    /** What the routes and Camel's own configuration refer to by {@code {{name}}}, as it was understood here. */
    public Map<String, String> camelProperties() {
        Map<String, String> properties = new HashMap<>(Map.of(
                "relay.port", Integer.toString(port),
                "relay.management.host", managementHost,
                "relay.management.port", Integer.toString(managementPort),
                "relay.workers", Integer.toString(workers),
                "relay.retention.days", Integer.toString(retentionDays),
                "ai.base.url", ai.baseUrl(),
                "ai.model", ai.model(),
                "ai.together.wait", Long.toString(ai.togetherWait().toMillis())));
        properties.putAll(console.camelProperties());
        if (!ai.apiVersion().isEmpty()) {
            properties.put("ai.api.version", ai.apiVersion());
        }
        return properties;
    }

    /** What must not be seen in a log or an error; some may be empty. */
    public Stream<String> secrets() {
        Stream<String> ofOurs = Stream.of(
                ai.apiKey(),
                crm.webhookSecret(),
                // It may hold a token, and so be a secret.
                crm.webhookUrl(),
                crm.webhookUrl().replaceFirst("\\?.*", ""),
                site.secret(),
                site.secretNext(),
                site.password(),
                site.password().replace(" ", ""),
                adminToken,
                console.password(),
                tls.password(),
                database.password(),
                broker.password(),
                piiKey.map(key -> Base64.getEncoder().encodeToString(key.getEncoded()))
                        .orElse(""));
        return Stream.concat(ofOurs, traces.secrets());
    }

    private static Settings read(SettingsSource source) {
        AutomationsDirectory automations = automations(source);
        return new Settings(
                source.number("RELAY_PORT", 1, HIGHEST_PORT),
                source.text("RELAY_MANAGEMENT_HOST").strip(),
                source.number("RELAY_MANAGEMENT_PORT", 1, HIGHEST_PORT),
                adminToken(source),
                console(source),
                source.addresses("RELAY_ALLOWED_ADDRESSES"),
                source.addresses("RELAY_TRUSTED_PROXIES"),
                source.addresses("RELAY_PRIVATE_ADDRESSES"),
                new Tls(source.text("RELAY_TLS_KEYSTORE").strip(), source.text("RELAY_TLS_PASSWORD")),
                source.path("RELAY_DATA_DIR"),
                automations,
                new Database(
                        source.startingWith("RELAY_DB_URL", "jdbc:postgresql:"),
                        source.text("RELAY_DB_USER"),
                        source.text("RELAY_DB_PASSWORD")),
                new Broker(
                        source.startingWith("RELAY_BROKER_URL", "tcp://", "(tcp://"),
                        source.text("RELAY_BROKER_USER"),
                        source.text("RELAY_BROKER_PASSWORD")),
                sites(source),
                SiteSettings.of(source),
                AiSettings.of(source, automations),
                MoneySettings.of(source),
                CrmSettings.of(source),
                source.number("RELAY_WORKERS", 1, MOST_WORKERS),
                source.number("RELAY_BATCH_WORKERS", 1, MOST_WORKERS),
                source.durations("RELAY_RETRY_DELAYS"),
                source.number("RELAY_RATE_LIMIT", 1, HIGHEST_RATE),
                source.number("RELAY_BACKLOG_LIMIT", 1, HIGHEST_BACKLOG),
                source.number("RELAY_RETENTION_DAYS", 1, LONGEST_RETENTION_DAYS),
                source.durationFrom("RELAY_SITE_SILENCE", SHORTEST_SILENCE),
                source.durationUpTo("RELAY_STOP_DELAY", LONGEST_STOP_DELAY),
                source.key("RELAY_PII_KEY", PII_KEY),
                source.traces(),
                LogSettings.of(
                        source.oneOf("RELAY_LOG_FORMAT", LogSettings.FORMATS),
                        source.oneOf("RELAY_LOG_LEVEL", LogSettings.LEVELS)));
    }

    /** Programs send it with each request, and none of these waits for another: so it is one that cannot be guessed. */
    private static String adminToken(SettingsSource source) {
        String token = source.text("RELAY_ADMIN_TOKEN").strip();
        if (!token.isEmpty() && token.length() < SHORTEST_TOKEN) {
            throw new SettingsException("RELAY_ADMIN_TOKEN has " + token.length() + " characters; it should have "
                    + SHORTEST_TOKEN + " at least, such as: openssl rand -hex 32");
        }
        return token;
    }

    private static ConsoleSettings console(SettingsSource source) {
        String user = source.text("RELAY_CONSOLE_USER").strip();
        if (user.isEmpty() || user.contains(":")) {
            throw SettingsException.wrong("RELAY_CONSOLE_USER", user, "a name without a colon");
        }
        ConsoleSettings console = ConsoleSettings.of(
                source.text("RELAY_CONSOLE_HOST").strip(),
                source.number("RELAY_CONSOLE_PORT", 0, HIGHEST_PORT),
                source.isGiven("RELAY_CONSOLE_PORT"),
                user,
                source.text("RELAY_CONSOLE_PASSWORD"),
                source.flag("RELAY_CONSOLE_DEBUG"));
        if (console.isOn() && console.isDebugging() && !console.isOnLoopback()) {
            throw SettingsException.wrong(
                    "RELAY_CONSOLE_HOST",
                    console.host(),
                    "127.0.0.1 with RELAY_CONSOLE_DEBUG=true: who debugs sees secrets, and stops the relay");
        }
        return console;
    }

    private static AutomationsDirectory automations(SettingsSource source) {
        Path directory = source.path("RELAY_AUTOMATIONS_DIR");
        if (directory.toString().isEmpty()) {
            throw SettingsException.wrong(
                    "RELAY_AUTOMATIONS_DIR", "", "a directory; one that is not there is no error");
        }
        return new AutomationsDirectory(directory);
    }

    private static Optional<SitesFile> sites(SettingsSource source) {
        String file = source.text("RELAY_SITES_FILE").strip();
        if (file.isEmpty()) {
            return Optional.empty();
        }
        OF_ONE_SITE.forEach(variable -> source.mustBeEmpty(variable, "since the sites are in RELAY_SITES_FILE"));
        return Optional.of(new SitesFile(Path.of(file), System.getenv()));
    }
}

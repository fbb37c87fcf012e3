package console;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hawtio in the relay's own JVM, behind a login: routes with their counts, queues, MBeans. What it may ask of them is in
 * {@code jolokia-access.xml}. It starts when the relay has started, beside the work, and a console that cannot start
 * stops nothing.
 */
public final class HawtioConsole extends MainListenerSupport {
    /** Where it is on its port. */
    public static final String PATH = "/hawtio";

    private static final Logger LOG = LoggerFactory.getLogger(HawtioConsole.class);
    private static final String POLICY = "classpath:/jolokia-access.xml";
    private static final int MOST_THREADS = 12;

    /** A request of the console's pages has a few KiB; Hawtio reads bodies into memory before it asks who sends them. */
    private static final long MOST_REQUEST_BYTES = 64 * 1024;

    private static final long NO_LIMIT = -1;

    /**
     * What Hawtio and Jolokia read from the system's properties, and nowhere else. Jolokia's proxy to other JVMs would
     * connect wherever a request names a {@code target}. Hawtio's own throttling counts by user name and locks the
     * operator out together with whoever guesses: {@link GuessLimit} is there instead.
     */
    private static final Map<String, String> PROPERTIES = Map.of(
            "hawtio.authenticationEnabled", "true",
            "hawtio.realm", ConsoleLogin.REALM,
            "hawtio.roles", "*",
            "hawtio.authenticationContainerDiscoveryClasses", "",
            "hawtio.sessionTimeout", "1800",
            "hawtio.authenticationThrottled", "false",
            "jolokia.disabledServices", "org.jolokia.service.jsr160.Jsr160RequestHandler",
            "jolokia.policyLocation", POLICY,
            "jolokia.discoveryEnabled", "false");

    private final ConsoleSettings settings;
    private final Maker maker;
    private Server server;
    private boolean isStopped;

    /** Makes the server, which is not started. */
    interface Maker {
        Server make() throws Exception;
    }

    /** @param directory where its files are unpacked, once for each version */
    public HawtioConsole(ConsoleSettings settings, Path directory) {
        this(settings, () -> make(settings, directory));
    }

    HawtioConsole(ConsoleSettings settings, Maker maker) {
        this.settings = settings;
        this.maker = maker;
    }

    @Override
    public void afterStart(BaseMainSupport main) {
        if (settings.isOn()) {
            Thread starter = new Thread(this::start, "console");
            starter.setDaemon(true);
            starter.setPriority(Thread.MIN_PRIORITY);
            starter.start();
        }
    }

    @Override
    public void beforeStop(BaseMainSupport main) {
        Server running = ended();
        // One that is about to start is stopped by its own thread: the relay does not wait for it.
        if (running != null && !running.isStarting()) {
            stop(running);
        }
    }

    void start() {
        Server made = null;
        try {
            made = maker.make();
            if (begins(made)) {
                made.start();
            }
            if (isStopped()) {
                stop(made);
            }
        } catch (Exception e) {
            stop(made);
            LOG.warn(
                    "There is no console: it cannot start at {}:{} ({}). Everything else runs; RELAY_CONSOLE_PORT chooses another port, or 0 for none",
                    settings.host(),
                    settings.port(),
                    e.getMessage());
            LOG.debug("The console cannot start", e);
        }
    }

    private static void stop(Server server) {
        if (server == null) {
            return; // It was not even made.
        }
        try {
            server.stop();
        } catch (Exception e) {
            LOG.debug("The console did not stop", e);
        }
    }

    /** @return whether it may start, which it may not once the relay stops */
    private synchronized boolean begins(Server made) {
        server = made;
        return !isStopped;
    }

    private synchronized boolean isStopped() {
        return isStopped;
    }

    private synchronized Server ended() {
        isStopped = true;
        return server;
    }

    private static Server make(ConsoleSettings settings, Path directory) throws IOException, URISyntaxException {
        PROPERTIES.forEach(System::setProperty);
        ConsoleLogin.install(settings);
        return server(settings, webApplication(directory));
    }

    private static Server server(ConsoleSettings settings, WebAppContext application) {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 1);
        threads.setName("console");
        threads.setDaemon(true);
        Server made = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(made, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        made.addConnector(connector);
        SizeLimitHandler small = new SizeLimitHandler(MOST_REQUEST_BYTES, NO_LIMIT);
        small.setHandler(new ConsoleGate(application));
        made.setHandler(small);
        return made;
    }

    private static WebAppContext webApplication(Path directory) throws IOException, URISyntaxException {
        WebAppContext application = new WebAppContext();
        application.setContextPath(PATH);
        Path war = war();
        application.setWar(war.toString());
        // Not in the system's, where each start that is killed would leave a copy.
        application.setTempDirectory(
                Files.createDirectories(directory.resolve(war.getFileName())).toFile());
        application.setTempDirectoryPersistent(true);
        // The relay's own logging and Jackson, not those that the war brings.
        application.setParentLoaderPriority(true);
        application.setThrowUnavailableOnStartupException(true);
        application.getSessionHandler().setSameSite(HttpCookie.SameSite.STRICT);
        application.getSessionHandler().setHttpOnly(true);
        return application;
    }

    /** Beside the libraries, where the build puts it. */
    private static Path war() throws IOException, URISyntaxException {
        Path relay = Path.of(HawtioConsole.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (DirectoryStream<Path> found = Files.newDirectoryStream(relay.resolveSibling("lib"), "hawtio-*.war")) {
            for (Path war : found) {
                return war;
            }
        }
        throw new IOException("hawtio-default.war is not in " + relay.resolveSibling("lib"));
    }
}

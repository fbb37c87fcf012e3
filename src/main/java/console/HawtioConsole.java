package console;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.server.handler.SizeLimitHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
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

    /** Of the editor that shows a route's source. */
    static final String EDITOR_PATH = PATH + "/monaco";

    private static final Logger LOG = LoggerFactory.getLogger(HawtioConsole.class);
    private static final int MOST_THREADS = 12;

    /** A request of the console's pages has a few KiB; Hawtio reads bodies into memory before it asks who sends them. */
    private static final long MOST_REQUEST_BYTES = 64 * 1024;

    private static final long NO_LIMIT = -1;

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
        ConsoleLogin.install(settings);
        return server(settings, new HawtioApplication(new AccessPolicy(settings.isDebugging()), directory));
    }

    private static Server server(ConsoleSettings settings, HawtioApplication application) throws IOException {
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
        small.setHandler(new ConsoleGate(new ContextHandlerCollection(editor(), application), configuration()));
        made.setHandler(small);
        return made;
    }

    /** Monaco, of which the build takes what is needed from its webjar. */
    private static ContextHandler editor() {
        ContextHandler editor = new ContextHandler(new ResourceHandler(), EDITOR_PATH);
        editor.setBaseResource(ResourceFactory.of(editor).newClassLoaderResource("/console/monaco/"));
        return editor;
    }

    private static byte[] configuration() throws IOException {
        try (InputStream file = HawtioConsole.class.getResourceAsStream("/console/hawtconfig.json")) {
            return file.readAllBytes();
        }
    }
}

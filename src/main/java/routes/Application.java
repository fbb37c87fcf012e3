package routes;

import console.HawtioConsole;
import events.FailureReason;
import ingress.HttpServers;
import java.time.Duration;
import operations.Banner;
import operations.Preflight;
import operations.Readiness;
import operations.Settings;
import operations.SettingsException;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tracing.Tracing;

/** The relay as a process. Lives beside the routes so that Camel Main finds them by package. */
public final class Application {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    private static final int EXIT_SOFTWARE = 70; // EX_SOFTWARE of sysexits.h
    private static final int EXIT_CONFIGURATION = 78; // EX_CONFIG

    /** Whoever runs it (systemd, Docker, Kubernetes) waits half a minute at the most, and then kills. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(25);

    private static volatile boolean isExiting;
    private static volatile Main started;
    private static volatile Duration stopDelay = Duration.ZERO;

    private Application() {}

    public static void main(String[] args) {
        int status = run();
        isExiting = true;
        System.exit(status);
    }

    private static int run() {
        try {
            stopOnSignal();
            Settings settings = Settings.ofProcess();
            Preflight.check(settings);
            Main main = create(settings);
            main.setShutdownStrategy(new SimpleMainShutdownStrategy()); // without a hook of its own
            stopDelay = settings.stopDelay();
            started = main;
            main.run();
            return main.getExitCode();
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            return EXIT_CONFIGURATION;
        } catch (Exception e) {
            LOG.debug("The start failed", e);
            System.err.println("The relay cannot start: " + FailureReason.rootLine(e));
            return EXIT_SOFTWARE;
        }
    }

    /** A relay that is configured and not started. */
    static Main create(Settings settings) {
        Main main = new Main(Application.class);
        main.bind("settings", settings);
        main.bind("tracing", tracing(settings));
        main.bind("httpServers", new HttpServers(settings.tls().open().orElse(null)));
        settings.camelProperties().forEach(main::addOverrideProperty);
        main.addMainListener(new Banner(settings));
        main.addMainListener(
                new HawtioConsole(settings.console(), settings.dataDir().resolve("console")));
        return main;
    }

    private static Tracing tracing(Settings settings) {
        try {
            return Tracing.of(settings.traces());
        } catch (IllegalArgumentException e) {
            throw new SettingsException("A variable OTEL_* cannot be used: " + e.getMessage());
        }
    }

    /** Ctrl-C and SIGTERM finish what is in hand and end with status 0, where the JVM's own would be 130 or 143. */
    private static void stopOnSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!isExiting) {
                if (started != null) {
                    stop(started);
                }
                Runtime.getRuntime().halt(0);
            }
        }));
    }

    /** What is cut off here is not lost: a message that was not acknowledged is given out again. */
    private static void stop(Main main) {
        Thread stopper = new Thread(
                () -> {
                    try {
                        retire(main.getCamelContext());
                        main.stop();
                    } catch (InterruptedException | RuntimeException e) {
                        LOG.warn("The relay did not stop as it should: {}", FailureReason.rootLine(e));
                    }
                },
                "stop");
        stopper.start();
        try {
            stopper.join(LONGEST_STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopper.isAlive()) {
            LOG.warn(
                    "Not everything stopped within {} s; what was in hand is done by the next relay",
                    LONGEST_STOP.toSeconds());
        }
    }

    /** Takes events for a while yet and says that it is not ready, until whoever gives them to relays has noticed. */
    private static void retire(CamelContext context) throws InterruptedException {
        if (stopDelay.isZero() || context == null || !context.isStarted()) {
            return;
        }
        context.getRegistry().findSingleByType(Readiness.class).retire();
        LOG.info("About to stop: not ready any more, and takes events for {} ms yet", stopDelay.toMillis());
        Thread.sleep(stopDelay.toMillis());
    }
}

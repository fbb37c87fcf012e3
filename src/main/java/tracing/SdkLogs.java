package tracing;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenTelemetry's SDK logs to the JDK's logger, which writes to stderr in a form of its own. Here it goes where the
 * relay's lines go: warnings as they are, but for those of the exporters at DEBUG, since {@link WatchedExporter} says them
 * once.
 */
final class SdkLogs extends Handler {
    private static final String SDK = "io.opentelemetry";
    private static final String EXPORTERS = "io.opentelemetry.exporter";

    /** Held: the JDK forgets a logger that nobody holds, and its handler with it. */
    private static final Logger LOGGER = Logger.getLogger(SDK);

    private SdkLogs() {}

    static synchronized void take() {
        if (LOGGER.getUseParentHandlers()) {
            LOGGER.setUseParentHandlers(false);
            LOGGER.addHandler(new SdkLogs());
        }
    }

    @Override
    public void publish(LogRecord line) {
        String name = line.getLoggerName() == null ? SDK : line.getLoggerName();
        boolean isWarning = line.getLevel().intValue() >= Level.WARNING.intValue() && !name.startsWith(EXPORTERS);
        LoggerFactory.getLogger(name)
                .atLevel(isWarning ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.DEBUG)
                .setCause(line.getThrown())
                .log(line.getMessage());
    }

    @Override
    public void flush() {
        // written already
    }

    @Override
    public void close() {
        // nothing to close
    }
}

package tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that spans cannot be sent, and once that they can be again. */
final class WatchedExporter implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedExporter.class);

    private final SpanExporter exporter;
    private final AtomicBoolean isAway = new AtomicBoolean();

    WatchedExporter(SpanExporter exporter) {
        this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> {
            if (!result.isSuccess() && isAway.compareAndSet(false, true)) {
                Throwable failure = result.getFailureThrowable();
                LOG.warn(
                        "Traces cannot be sent, and are dropped until they can; everything else goes on{}",
                        failure == null || failure.getMessage() == null ? "" : ": " + failure.getMessage());
            } else if (result.isSuccess() && isAway.compareAndSet(true, false)) {
                LOG.info("Traces are sent again");
            }
        });
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }

    /** The SDK shows it at its start: which exporter it is. */
    @Override
    public String toString() {
        return exporter.toString();
    }
}

package tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * OpenTelemetry's SDK, set up by its own variables {@code OTEL_*}. Spans are exported beside the work, by a thread of the
 * SDK's: a receiver that is away costs nothing but its spans.
 */
public final class Tracing implements AutoCloseable {
    /** As a batch takes, with one more try: whoever stops the relay waits for it. */
    private static final Duration LONGEST_FLUSH = Duration.ofSeconds(3);

    private static final String SCOPE = "ai-relay";

    /** What holds unless a variable says otherwise. The relay has metrics and logs of its own ways. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "ai-relay",
            "otel.exporter.otlp.protocol", TraceSettings.PROTOCOL,
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;

    private Tracing(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
        this.tracer = (sdk == null ? OpenTelemetry.noop() : sdk).getTracer(SCOPE);
    }

    /** @throws IllegalArgumentException with what is wrong with a variable */
    public static Tracing of(TraceSettings settings) {
        if (!settings.isOn()) {
            return new Tracing(null);
        }
        settings.check();
        SdkLogs.take();
        Map<String, String> properties = new HashMap<>(DEFAULTS);
        properties.putAll(settings.properties());
        try {
            return new Tracing(AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> properties)
                    .addSpanExporterCustomizer((exporter, config) -> new WatchedExporter(exporter))
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    public boolean isOn() {
        return sdk != null;
    }

    Tracer tracer() {
        return tracer;
    }

    /** Sends what has ended. */
    @Override
    public void close() {
        if (sdk != null) {
            sdk.getSdkTracerProvider().forceFlush().join(LONGEST_FLUSH.toMillis(), TimeUnit.MILLISECONDS);
            sdk.shutdown().join(1, TimeUnit.SECONDS);
        }
    }
}

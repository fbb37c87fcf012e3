package metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What is shown of this process and its machine, and does not come from Micrometer itself ({@code camel.metrics.binders}). */
public final class ProcessGauges {
    /** Of classes that are not in a jar. */
    private static final String UNKNOWN = "development";

    private final MeterRegistry registry;
    private final Clock clock;

    public ProcessGauges(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** @param version null where it is not known */
    public void version(String version) {
        Gauge.builder("relay.build.info", () -> 1)
                .description("Always 1: which version of the relay this is")
                .tag("version", version == null ? UNKNOWN : version)
                .register(registry);
    }

    /** @param canRecord not known counts as no */
    public void ready(Sampler<Boolean> canRecord) {
        Gauge.builder("relay.ready", () -> canRecord.latest().orElse(false) ? 1 : 0)
                .description("Whether the relay can record events: 1 or 0")
                .register(registry);
    }

    /** @param busy how many are at work; asked at each scrape */
    public void workers(int workers, IntSupplier busy) {
        Gauge.builder("relay.workers", () -> workers)
                .description("Events that this relay works on at once (RELAY_WORKERS)")
                .register(registry);
        Gauge.builder("relay.workers.busy", busy::getAsInt)
                .description("Workers that have a message in hand")
                .register(registry);
    }

    /** Where the embedded database and the embedded broker write. */
    public void dataDir(Path directory) {
        bytes("free", "Bytes that the relay may still write to its data directory", directory, File::getUsableSpace);
        bytes("total", "Bytes of the file system that the data directory is on", directory, File::getTotalSpace);
    }

    private void bytes(String name, String description, Path directory, ToLongFunction<File> bytes) {
        File file = directory.toFile();
        Gauge.builder("relay.data.dir." + name, () -> bytes.applyAsLong(file))
                .description(description)
                .baseUnit("bytes")
                .register(registry);
    }

    /** @param expires of the certificate in use; null before there is one */
    public void certificate(Supplier<Instant> expires) {
        Gauge.builder("relay.tls.expires.seconds", () -> secondsTo(expires.get()))
                .description("For how long the certificate of RELAY_TLS_KEYSTORE is still good")
                .register(registry);
    }

    private double secondsTo(Instant time) {
        return time == null
                ? Double.NaN
                : Duration.between(clock.instant(), time).toMillis() / 1000.0;
    }
}

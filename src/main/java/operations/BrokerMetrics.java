package operations;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.core.server.metrics.ActiveMQMetricsPlugin;

/**
 * Shows what is in the queues of the embedded broker, under the names that a broker of one's own gives it. In a registry
 * before the relay's: Artemis changes what others register in the one that it is given, and has five times as much to say.
 */
final class BrokerMetrics implements ActiveMQMetricsPlugin, AutoCloseable {
    private static final long serialVersionUID = 1L;

    private static final Set<String> SHOWN = Set.of(
            "artemis.message.count",
            "artemis.delivering.message.count",
            "artemis.scheduled.message.count",
            "artemis.consumer.count",
            "artemis.messages.added",
            "artemis.messages.acknowledged",
            "artemis.address.memory.usage.percentage");

    private final transient CompositeMeterRegistry registry = new CompositeMeterRegistry();

    BrokerMetrics(MeterRegistry shown) {
        registry.config().meterFilter(MeterFilter.denyUnless(meter -> SHOWN.contains(meter.getName())));
        registry.add(shown);
    }

    @Override
    public ActiveMQMetricsPlugin init(Map<String, String> options) {
        return this;
    }

    @Override
    public MeterRegistry getRegistry() {
        return registry;
    }

    /** When the broker is gone: the next one has meters of its own. */
    @Override
    public void close() {
        for (Meter meter : List.copyOf(registry.getMeters())) {
            registry.remove(meter);
        }
        Metrics.removeRegistry(registry); // Where Artemis had put it.
    }
}

package operations;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.MetricsConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An Artemis in this process, with its journal on disk and no door but the one inside this process. */
public final class EmbeddedBroker extends ServiceSupport {
    public static final String URL = "vm://0";

    /** Waits this long for company before a sync: 2.7 times the durable sends of the default on one disk. */
    private static final int JOURNAL_BUFFER_NANOS = 500_000;
    /** A worker that died gives its message back; the event log counts the attempts, so the broker need not. */
    private static final int UNLIMITED_DELIVERIES = -1;

    private static final long FIRST_REDELIVERY_MILLIS = 1_000;
    private static final long LAST_REDELIVERY_MILLIS = 60_000;

    private static final long SECONDS_BETWEEN_LOOKS = 1;
    private static final long LONGEST_WAIT_FOR_LOCK_MILLIS = 10_000;
    /** No limit: whether the disk is full is for the write to find out, and a broker that waits would hold us up. */
    private static final int UNLIMITED_DISK_USE = -1;

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final Path directory;
    private final MeterRegistry meters;
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "embedded-broker-watch"));
    private EmbeddedActiveMQ broker;
    private BrokerMetrics metrics;
    private boolean isDown;

    /** @param meters show what is in its queues */
    public EmbeddedBroker(Path directory, MeterRegistry meters) {
        this.directory = directory;
        this.meters = meters;
    }

    @Override
    protected void doStart() throws Exception {
        startBroker();
        watch.scheduleWithFixedDelay(this::revive, SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS);
    }

    @Override
    protected void doStop() throws Exception {
        watch.shutdownNow();
        stopBroker();
    }

    private synchronized void startBroker() throws Exception {
        metrics = new BrokerMetrics(meters);
        broker = new EmbeddedActiveMQ();
        broker.setConfiguration(configuration(directory)
                .setMetricsConfiguration(new MetricsConfiguration()
                        .setJvmMemory(false) // The relay's own says it.
                        .setPlugin(metrics)));
        broker.start();
        // An activation that failed is logged by Artemis, and start() returns all the same.
        if (!broker.getActiveMQServer().isStarted()) {
            broker.stop();
            throw new IOException("the embedded broker does not start on " + directory);
        }
    }

    private synchronized void stopBroker() throws Exception {
        broker.stop();
        metrics.close();
    }

    /** Artemis stops itself when it cannot write. Events wait in the event log until there is room again. */
    private void revive() {
        if (!isStarted() || broker.getActiveMQServer().isStarted()) {
            return;
        }
        if (!isDown) {
            LOG.error("The embedded broker stopped itself: is the disk of {} full? Events are kept", directory);
        }
        isDown = true;
        try {
            // Half of it may be alive and hold the lock on the journal.
            stopBroker();
            startBroker();
            LOG.info("The embedded broker is there again");
            isDown = false;
        } catch (Exception | Error e) {
            // Whatever it is: a look that ended with it would never be followed by another.
            LOG.debug("The embedded broker does not start yet", e);
        }
    }

    static Configuration configuration(Path directory) throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setName("ai-relay")
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(true)
                .setMaxDiskUsage(UNLIMITED_DISK_USE)
                .setJournalLockAcquisitionTimeout(LONGEST_WAIT_FOR_LOCK_MILLIS)
                .setJournalType(JournalType.NIO)
                .setJournalBufferTimeout_NIO(JOURNAL_BUFFER_NANOS)
                .setJournalDirectory(directory.resolve("journal").toString())
                .setBindingsDirectory(directory.resolve("bindings").toString())
                .setPagingDirectory(directory.resolve("paging").toString())
                .setLargeMessagesDirectory(directory.resolve("large-messages").toString())
                .addAcceptorConfiguration("in-vm", URL)
                .addAddressSetting("#", addressSettings());
        for (String queue : new String[] {"relay.events", "relay.dead-letters"}) {
            configuration.addQueueConfiguration(QueueConfiguration.of(queue).setRoutingType(RoutingType.ANYCAST));
        }
        return configuration;
    }

    private static AddressSettings addressSettings() {
        return new AddressSettings()
                .setAutoCreateAddresses(false)
                .setAutoCreateQueues(false)
                .setAutoDeleteQueues(false)
                .setAutoDeleteAddresses(false)
                .setDeadLetterAddress(SimpleString.of("relay.dead-letters"))
                .setExpiryAddress(SimpleString.of("relay.dead-letters"))
                .setMaxDeliveryAttempts(UNLIMITED_DELIVERIES)
                .setRedeliveryDelay(FIRST_REDELIVERY_MILLIS)
                .setRedeliveryMultiplier(2)
                .setMaxRedeliveryDelay(LAST_REDELIVERY_MILLIS);
    }
}

package operations;

import java.nio.file.Path;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.camel.support.service.ServiceSupport;

/** An Artemis in this process, with its journal on disk and no door but the one inside this process. */
public final class EmbeddedBroker extends ServiceSupport {
    public static final String URL = "vm://0";

    /** Waits this long for company before a sync: 2.7 times the durable sends of the default on one disk. */
    private static final int JOURNAL_BUFFER_NANOS = 500_000;
    /** A worker that died gives its message back; the event log counts the attempts, so the broker need not. */
    private static final int UNLIMITED_DELIVERIES = -1;

    private static final long FIRST_REDELIVERY_MILLIS = 1_000;
    private static final long LAST_REDELIVERY_MILLIS = 60_000;

    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    private final Path directory;

    public EmbeddedBroker(Path directory) {
        this.directory = directory;
    }

    @Override
    protected void doStart() throws Exception {
        broker.setConfiguration(configuration(directory));
        broker.start();
    }

    @Override
    protected void doStop() throws Exception {
        broker.stop();
    }

    static Configuration configuration(Path directory) throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setName("ai-relay")
                .setSecurityEnabled(false)
                .setJMXManagementEnabled(true)
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

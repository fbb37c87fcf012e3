package chaos;

import java.nio.file.Path;
import java.util.List;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.ClusterConnectionConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.HAPolicyConfiguration;
import org.apache.activemq.artemis.core.config.ha.SharedStoreBackupPolicyConfiguration;
import org.apache.activemq.artemis.core.config.ha.SharedStorePrimaryPolicyConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/**
 * An Artemis as {@code artemis create} makes it: what it is asked for is created, what was tried ten times goes to the
 * queue DLQ, what fails comes again at once. Nothing in it is set up for the relay.
 *
 * <p>Arguments: directory, port; of a pair also its role, {@code primary} or {@code backup}, and the other one's port.
 */
final class BrokerMain {
    private static final int DELIVERY_ATTEMPTS = 10;

    private BrokerMain() {}

    public static void main(String[] arguments) throws Exception {
        Configuration configuration = stock(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        if (arguments.length > 2) {
            pair(configuration, arguments[2].equals("backup"), arguments[1], arguments[3]);
        }
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setConfiguration(configuration);
        broker.start();
        System.out.println("The broker is up.");
    }

    private static Configuration stock(Path directory, int port) throws Exception {
        Configuration configuration = new ConfigurationImpl()
                .setName("broker-" + port)
                .setSecurityEnabled(false)
                .setJournalType(JournalType.NIO)
                .setJournalDirectory(directory.resolve("journal").toString())
                .setBindingsDirectory(directory.resolve("bindings").toString())
                .setPagingDirectory(directory.resolve("paging").toString())
                .setLargeMessagesDirectory(directory.resolve("large-messages").toString())
                .addAcceptorConfiguration("artemis", "tcp://127.0.0.1:" + port)
                .addAddressSetting(
                        "#",
                        new AddressSettings()
                                .setDeadLetterAddress(SimpleString.of("DLQ"))
                                .setExpiryAddress(SimpleString.of("ExpiryQueue"))
                                .setRedeliveryDelay(0)
                                .setMaxDeliveryAttempts(DELIVERY_ATTEMPTS)
                                .setAutoCreateQueues(true)
                                .setAutoCreateAddresses(true)
                                .setAutoDeleteQueues(false)
                                .setAutoDeleteAddresses(false));
        for (String queue : List.of("DLQ", "ExpiryQueue")) {
            configuration.addQueueConfiguration(QueueConfiguration.of(queue).setRoutingType(RoutingType.ANYCAST));
        }
        return configuration;
    }

    /** Two on one journal: whoever has the lock on it serves, the other waits for it. */
    private static void pair(Configuration configuration, boolean isBackup, String port, String otherPort)
            throws Exception {
        HAPolicyConfiguration policy = isBackup
                ? new SharedStoreBackupPolicyConfiguration()
                        .setFailoverOnServerShutdown(true)
                        .setAllowFailBack(true)
                : new SharedStorePrimaryPolicyConfiguration().setFailoverOnServerShutdown(true);
        configuration
                .setClusterUser("cluster")
                .setClusterPassword("of this pair only")
                .setHAPolicyConfiguration(policy)
                .addConnectorConfiguration("self", "tcp://127.0.0.1:" + port)
                .addConnectorConfiguration("other", "tcp://127.0.0.1:" + otherPort)
                .addClusterConfiguration(new ClusterConnectionConfiguration()
                        .setName("pair")
                        .setConnectorName("self")
                        .setStaticConnectors(List.of("other")));
    }
}

package topology;

import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/** An Artemis on the {@code broker.xml} of docker/, with the user that {@code artemis create} makes. */
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) throws Exception {
        SecurityConfiguration users = new SecurityConfiguration();
        users.addUser(Topology.BROKER_USER, Topology.BROKER_PASSWORD);
        users.addRole(Topology.BROKER_USER, "amq");
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setSecurityManager(new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users));
        broker.setConfigResourcePath(Path.of(arguments[0]).toUri().toString());
        broker.start();
        System.out.println("The broker is up.");
    }
}

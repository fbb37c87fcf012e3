package deployment;

import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.FileDeploymentManager;
import org.apache.activemq.artemis.core.config.impl.FileConfiguration;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/**
 * A broker of {@code docker/artemis}, checked against Artemis' schema as it is read, with the user that the image makes.
 * Which of the pair it is, it has from the environment. Arguments: the file, the user, the password.
 */
final class PairedBroker {
    /** What "artemis create" calls it. */
    private static final String ROLE = "amq";

    private PairedBroker() {}

    public static void main(String[] arguments) throws Exception {
        FileConfiguration configuration = new FileConfiguration();
        FileDeploymentManager file =
                new FileDeploymentManager(Path.of(arguments[0]).toUri().toString());
        file.addDeployable(configuration);
        file.readConfiguration();
        SecurityConfiguration users = new SecurityConfiguration();
        users.addUser(arguments[1], arguments[2]);
        users.addRole(arguments[1], ROLE);
        new ActiveMQServerImpl(configuration, new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users))
                .start();
    }
}

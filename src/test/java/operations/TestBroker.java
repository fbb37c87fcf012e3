package operations;

import java.nio.file.Path;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/** An Artemis with a door to the network, set up as ours is. */
final class TestBroker {
    private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();

    TestBroker(Path directory, int port) throws Exception {
        Configuration configuration = EmbeddedBroker.configuration(directory);
        configuration.getAcceptorConfigurations().clear();
        configuration.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port);
        broker.setConfiguration(configuration);
    }

    void start() throws Exception {
        broker.start();
    }

    void stop() throws Exception {
        broker.stop();
    }
}

package console;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.Test;

/** Its life, with a server that has nothing in it. */
class HawtioConsoleTest {
    private final QueuedThreadPool threads = new QueuedThreadPool();
    private final Server server = new Server(threads);

    private HawtioConsole console(int port) {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        return new HawtioConsole(ConsoleSettings.of("127.0.0.1", port, true, "relay", "", false), () -> server);
    }

    @Test
    void it_starts_and_stops() {
        HawtioConsole console = console(0);
        console.start();
        assertTrue(server.isRunning());
        console.beforeStop(null);
        assertTrue(server.isStopped());
    }

    @Test
    void one_that_was_stopped_before_it_was_made_does_not_start() {
        HawtioConsole console = console(0);
        console.beforeStop(null);
        console.start();
        assertFalse(server.isRunning());
    }

    @Test
    void one_that_cannot_start_leaves_nothing_behind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            console(taken.getLocalPort()).start();
            assertTrue(server.isStopped(), server.getState());
            assertTrue(threads.isStopped(), "no thread is left");
        }
    }
}

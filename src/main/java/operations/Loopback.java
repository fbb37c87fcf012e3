package operations;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Whether a caller is on this machine. */
final class Loopback {
    private Loopback() {}

    static boolean isLoopback(Object remoteAddress) {
        if (!(remoteAddress instanceof SocketAddress address) || address.hostAddress() == null) {
            return false;
        }
        try {
            // An address and not a name: nothing is looked up.
            return InetAddress.getByName(address.hostAddress()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

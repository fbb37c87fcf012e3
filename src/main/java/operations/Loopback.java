package operations;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** Whether a caller is a program on this machine, and not a page that a browser on this machine shows. */
public final class Loopback {
    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private Loopback() {}

    /** A page of somebody else's comes with an {@code Origin}, or under a name that was bent to point here. */
    static boolean isDirect(Exchange exchange) {
        HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
        return isLocal(request) && request.getHeader("Origin") == null;
    }

    /** Whether it comes from this machine and knows it: a browser may do that for a page of ours, or of somebody else's. */
    public static boolean isLocal(HttpServerRequest request) {
        // Host in HTTP/1.1, :authority in HTTP/2.
        HostAndPort authority = request.authority();
        return isLoopback(request.remoteAddress().hostAddress())
                && authority != null
                && NAMES.contains(authority.host());
    }

    private static boolean isLoopback(String address) {
        try {
            // An address and not a name: nothing is looked up.
            return address != null && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

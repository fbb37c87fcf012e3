package operations;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** Whether a caller is a program on this machine, and not a page that a browser on this machine shows. */
final class Loopback {
    private static final Pattern NAME = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

    private Loopback() {}

    /** A page of somebody else's comes with an {@code Origin}, or under a name that was bent to point here. */
    static boolean isDirect(Exchange exchange) {
        HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
        String host = String.valueOf(request.getHeader("Host"));
        return isLoopback(request.remoteAddress().hostAddress())
                && NAME.matcher(host).matches()
                && request.getHeader("Origin") == null;
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

package ingress;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import sites.Addresses;

/** Lets requests through by where they come from. */
public final class AddressGate {
    private final Addresses allowed;
    private final ClientAddress client;

    /** @param allowed empty: all */
    public AddressGate(Addresses allowed, ClientAddress client) {
        this.allowed = allowed;
        this.client = client;
    }

    /** @throws RejectedRequest 403 when an allow-list is set and the sender is not on it, or nobody can say who it is */
    void check(Message message) {
        check(message, allowed);
    }

    /** As {@link #check(Message)}, by a list of a site's own. */
    void check(Message message, Addresses allowedHere) {
        if (!allowedHere.isEmpty() && !allowedHere.contains(sender(message))) {
            throw RejectedRequest.forbidden("address not allowed");
        }
    }

    /** Where the request comes from; null where nobody can say it. */
    InetAddress sender(Message message) {
        // By its type: a header that a client sent under this name would be text.
        Object peer = message.getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS);
        if (!(peer instanceof SocketAddress address) || address.hostAddress() == null) {
            return null;
        }
        return client.of(
                Addresses.literal(address.hostAddress()),
                RequestHeaders.all(message, "X-Forwarded-For"),
                RequestHeaders.all(message, "Forwarded"));
    }
}

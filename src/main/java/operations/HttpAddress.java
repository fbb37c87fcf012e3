package operations;

import java.net.URI;
import java.net.URISyntaxException;

/** How a host and a port are written in an address. */
public final class HttpAddress {
    private HttpAddress() {}

    /**
     * @param host a name, or an IP address, of version 6 with brackets or without
     * @return such as {@code http://[::1]:9876}
     */
    public static String of(String host, int port) {
        try {
            return new URI("http", null, host, port, null, null, null).toString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(host + " is no host", e);
        }
    }
}

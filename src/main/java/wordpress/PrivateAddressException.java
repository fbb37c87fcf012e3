package wordpress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The host of a site is none of the internet, and nobody has allowed it. The message says what to set. */
final class PrivateAddressException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    PrivateAddressException(String host, InetAddress... addresses) {
        super(host + " is "
                + Arrays.stream(addresses).map(InetAddress::getHostAddress).collect(Collectors.joining(", "))
                + ", which is not in the internet; if it is to be called all the same, add it or its network to"
                + " RELAY_PRIVATE_ADDRESSES");
    }
}

package sites;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses lead into the internet, by the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890): not
 * those of this machine, of a link, of private networks, of a carrier's NAT, of documentation or of multicast.
 */
public final class GlobalAddresses {
    /** Of IPv6 only 2000::/3 is for global unicast: the last two lines are the rest, and what is special in it. */
    private static final Addresses SPECIAL = Addresses.parse("""
            0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
            192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3
            ::/3 4000::/2 8000::/1
            2001::/23 2001:db8::/32 2002::/16 3fff::/20
            """);

    /** Networks whose last 32 bits are an IPv4 address: IPv4-mapped (RFC 4291, 2.5.5.2) and NAT64 (RFC 6052, 2.1). */
    private static final byte[][] AROUND_IPV4 = {
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff},
        {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}
    };

    private GlobalAddresses() {}

    public static boolean contain(InetAddress address) {
        return !SPECIAL.contains(ipv4Within(address));
    }

    /** The IPv4 address that an IPv6 address stands for, or else the address itself. */
    public static InetAddress ipv4Within(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (byte[] prefix : AROUND_IPV4) {
            if (bytes.length > prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length)) {
                return ofBytes(Arrays.copyOfRange(bytes, prefix.length, bytes.length));
            }
        }
        return address;
    }

    private static InetAddress ofBytes(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes less 12 are the 4 of an address", e);
        }
    }
}

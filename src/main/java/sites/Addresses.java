package sites;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** IP addresses and networks of both versions, such as {@code 203.0.113.7} and {@code 2001:db8::/32} (RFC 4632, RFC 4291). */
public final class Addresses {
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    private static final Pattern BITS = Pattern.compile("\\d{1,3}");

    private final List<Network> networks;

    private record Network(byte[] address, int bits) {
        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int left = bits;
            for (int i = 0; left > 0; i++, left -= Byte.SIZE) {
                int mask = left >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - left);
                if (((address[i] ^ other[i]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private Addresses(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * @param list separated by commas or white space; blank is none
     * @throws IllegalArgumentException with the first element that is none; names are none, since nobody is asked for them
     */
    public static Addresses parse(String list) {
        return new Addresses(Arrays.stream(SEPARATOR.split(list.strip()))
                .filter(element -> !element.isEmpty())
                .map(Addresses::network)
                .toList());
    }

    private static Network network(String element) {
        String[] parts = element.split("/", 2);
        InetAddress address = literal(parts[0]);
        if (address == null) {
            throw new IllegalArgumentException(element);
        }
        int most = address.getAddress().length * Byte.SIZE;
        if (parts.length == 1) {
            return new Network(address.getAddress(), most);
        }
        if (!BITS.matcher(parts[1]).matches() || Integer.parseInt(parts[1]) > most) {
            throw new IllegalArgumentException(element);
        }
        return new Network(address.getAddress(), Integer.parseInt(parts[1]));
    }

    /** An address that is written out, or null. An IPv4 address within IPv6 ({@code ::ffff:203.0.113.7}) is one of IPv4. */
    public static InetAddress literal(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Netty makes 4 bytes or 16", e);
        }
    }

    public boolean isEmpty() {
        return networks.isEmpty();
    }

    /** @param address null is in no network */
    public boolean contains(InetAddress address) {
        return address != null && networks.stream().anyMatch(network -> network.contains(address.getAddress()));
    }
}

package sites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GlobalAddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.168.1.1",
                "198.18.0.1",
                "203.0.113.7",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void this_is_not_in_the_internet(String address) {
        assertFalse(GlobalAddresses.contain(Addresses.literal(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.0.1",
                "172.32.0.1",
                "192.0.1.1",
                "198.20.0.1",
                "223.255.255.255",
                "::ffff:1.1.1.1",
                "64:ff9b::101:101",
                "2001:200::1",
                "2606:4700::1111",
                "2a00:1450::1"
            })
    void this_is(String address) {
        assertTrue(GlobalAddresses.contain(Addresses.literal(address)));
    }

    /** As the system's resolver may give it, which makes no IPv4 address of it. */
    @Test
    void an_ipv4_address_mapped_into_ipv6_is_known_for_what_it_is() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 127;
        mapped[15] = 1;
        InetAddress address = Inet6Address.getByAddress("mapped.test", mapped, -1);
        assertEquals(16, address.getAddress().length);
        assertFalse(GlobalAddresses.contain(address));
        assertEquals("127.0.0.1", GlobalAddresses.ipv4Within(address).getHostAddress());
    }
}

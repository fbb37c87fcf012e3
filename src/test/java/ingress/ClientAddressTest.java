package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sites.Addresses;

class ClientAddressTest {
    private final ClientAddress client = new ClientAddress(Addresses.parse("10.0.0.0/8, 2001:db8:1::/48"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // who is no proxy of ours may say what it likes
                "198.51.100.9 | 203.0.113.7                   | -                        | 198.51.100.9",
                "198.51.100.9 | -                             | for=203.0.113.7          | 198.51.100.9",
                "10.0.0.1     | -                             | -                        | 10.0.0.1",
                "10.0.0.1     | 203.0.113.7                   | -                        | 203.0.113.7",
                // what stands before that is from the client itself
                "10.0.0.1     | 192.0.2.1, 203.0.113.7        | -                        | 203.0.113.7",
                "10.0.0.1     | 10.0.0.9,203.0.113.7,10.0.0.2 | -                        | 203.0.113.7",
                "10.0.0.1     | 10.0.0.3, 10.0.0.2            | -                        | 10.0.0.3",
                "10.0.0.1     | 203.0.113.7:4711              | -                        | 203.0.113.7",
                "10.0.0.1     | [2001:db8::7]:4711            | -                        | 2001:db8::7",
                "10.0.0.1     | 2001:db8::7                   | -                        | 2001:db8::7",
                "2001:db8:1::1 | 203.0.113.7                  | -                        | 203.0.113.7",
                "10.0.0.1     | unknown                       | -                        | -",
                "10.0.0.1     | 203.0.113.7, ,                | -                        | 203.0.113.7",
                "10.0.0.1     | -         | for=203.0.113.7;proto=https;by=10.0.0.1      | 203.0.113.7",
                "10.0.0.1     | -         | proto=https; For=\"203.0.113.7:80\"          | 203.0.113.7",
                "10.0.0.1     | -         | for=192.0.2.1, for=\"[2001:db8::7]:4711\"    | 2001:db8::7",
                "10.0.0.1     | -         | for=203.0.113.7, for=10.0.0.2                | 203.0.113.7",
                "10.0.0.1     | -         | for=_hidden                                  | -",
                "10.0.0.1     | -         | by=203.0.113.7                               | -",
                "10.0.0.1     | -         | notfor=203.0.113.7                           | -",
                // one is the proxy's, the other may be the client's, and nobody knows which
                "10.0.0.1     | 203.0.113.7                   | for=203.0.113.7          | 203.0.113.7",
                "10.0.0.1     | 203.0.113.7                   | for=192.0.2.1            | -",
            })
    void it_is_what_the_last_trusted_proxy_saw(String peer, String forwardedFor, String forwarded, String expected) {
        InetAddress address = client.of(Addresses.literal(peer), forwardedFor, forwarded);
        assertEquals(expected == null ? null : Addresses.literal(expected), address);
    }
}

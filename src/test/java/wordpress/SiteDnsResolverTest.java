package wordpress;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sites.Addresses;

class SiteDnsResolverTest {
    private static SiteDnsResolver resolver(String address, String allowed) {
        SystemDefaultDnsResolver dns = new SystemDefaultDnsResolver() {
            @Override
            public InetAddress[] resolve(String host) {
                return new InetAddress[] {Addresses.literal(address)};
            }
        };
        return new SiteDnsResolver(dns, Addresses.parse(allowed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost", "127.0.0.1", "127.0.0.2", "10.1.2.3", "::1", "[::1]"})
    void what_the_operator_has_written_out_is_called(String host) {
        assertDoesNotThrow(() -> resolver("127.0.0.1", "").resolve(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost.", "localhost.localdomain", "ip6-localhost", "127.1", "2130706433", "0x7f.0.0.1"})
    void whatever_else_means_this_machine_is_refused(String host) {
        PrivateAddressException refused = assertThrows(
                PrivateAddressException.class, () -> resolver("127.0.0.1", "").resolve(host));
        assertTrue(refused.getMessage().startsWith(host + " is 127.0.0.1, "), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "172.18.0.5         | 172.16.0.0/12",
                "64:ff9b::ac12:5    | 172.16.0.0/12",
                "64:ff9b::ac12:5    | 64:ff9b::/96",
                "fd00::5            | fd00::/8"
            })
    void an_allowed_network_is_called(String address, String allowed) {
        assertDoesNotThrow(() -> resolver(address, allowed).resolve("wordpress"));
    }

    @Test
    void another_than_the_allowed_network_is_refused() {
        assertThrows(PrivateAddressException.class, () -> resolver("169.254.169.254", "172.16.0.0/12 fd00::/8")
                .resolve("wordpress"));
    }
}

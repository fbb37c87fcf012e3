package sites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7     | 203.0.113.7        | true",
                "203.0.113.7     | 203.0.113.8        | false",
                "203.0.113.7/32  | 203.0.113.7        | true",
                "203.0.113.7/32  | 203.0.113.6        | false",
                "2001:db8::1/128 | 2001:db8::1        | true",
                "203.0.113.0/24  | 203.0.113.255      | true",
                "203.0.113.0/24  | 203.0.114.0        | false",
                "203.0.113.99/24 | 203.0.113.1        | true",
                "10.0.0.0/9      | 10.127.255.255     | true",
                "10.0.0.0/9      | 10.128.0.0         | false",
                "0.0.0.0/0       | 198.51.100.1       | true",
                "0.0.0.0/0       | 2001:db8::1        | false",
                "2001:db8::/32   | 2001:db8:ffff::1   | true",
                "2001:db8::/32   | 2001:db9::1        | false",
                "2001:db8::/33   | 2001:db8:8000::1   | false",
                "2001:db8::1     | 2001:DB8:0:0:0:0:0:1 | true",
                "::/0            | 2001:db8::1        | true",
                "203.0.113.0/24  | ::ffff:203.0.113.7 | true",
                "1.1.1.1 2.2.2.2,3.3.3.3 | 3.3.3.3    | true",
            })
    void an_address_is_in_its_network(String list, String address, boolean isIn) {
        assertEquals(isIn, Addresses.parse(list).contains(Addresses.literal(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "example.com",
                "203.0.113",
                "203.0.113.0/33",
                "2001:db8::/129",
                "1.1.1.1/",
                "1.1.1.1/-1",
                "/8",
                "256.1.1.1",
                "1.1.1.1/24/24"
            })
    void what_is_no_address_is_named(String element) {
        assertEquals(
                element,
                assertThrows(IllegalArgumentException.class, () -> Addresses.parse("203.0.113.7, " + element))
                        .getMessage());
    }

    @Test
    void none_is_in_an_empty_list_and_nobody_is_in_any() {
        assertTrue(Addresses.parse("  ").isEmpty());
        assertFalse(Addresses.parse("203.0.113.7").isEmpty());
        assertFalse(Addresses.parse("").contains(Addresses.literal("203.0.113.7")));
        assertFalse(Addresses.parse("0.0.0.0/0, ::/0").contains(null));
    }
}

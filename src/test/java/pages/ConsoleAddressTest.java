package pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import console.ConsoleSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pages.ConsoleAddress.Seen;

class ConsoleAddressTest {
    private static final String NONE = "";

    private static Seen seen(String host, int port, String name, boolean isLocal, boolean isForwarded) {
        ConsoleSettings settings = ConsoleSettings.of(host, port, true, "admin", "a password", false);
        return new ConsoleAddress(settings).seenFrom(name, isLocal, isForwarded);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, true, http://127.0.0.1:8778/hawtio",
        "0.0.0.0, relay.lan, false, http://relay.lan:8778/hawtio",
        "0.0.0.0, relay_1, false, http://relay_1:8778/hawtio",
        "::, localhost, true, http://localhost:8778/hawtio",
        "::, [2001:db8::7], false, http://[2001:db8::7]:8778/hawtio",
        "::1, localhost, true, http://[::1]:8778/hawtio",
        "[::1], [::1], true, http://[::1]:8778/hawtio",
        "10.1.2.3, relay.lan, false, http://10.1.2.3:8778/hawtio"
    })
    void where_it_surely_leads_there_it_is_a_link(String host, String name, boolean isLocal, String link) {
        Seen seen = seen(host, 8778, name, isLocal, false);
        assertEquals(link, seen.link().replaceFirst("/$", ""));
        assertEquals(NONE, seen.place());
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, relay.lan, false, false",
        "localhost, relay.lan, false, false",
        "127.0.0.1, 127.0.0.1, true, true",
        "0.0.0.0, relay.example, false, true"
    })
    void from_elsewhere_or_behind_a_proxy_its_place_is_said(
            String host, String name, boolean isLocal, boolean isForwarded) {
        assertEquals(new Seen(NONE, host + ":8778"), seen(host, 8778, name, isLocal, isForwarded));
    }

    @Test
    void without_a_console_there_is_neither() {
        assertEquals(Seen.NOTHING, seen("127.0.0.1", 0, "127.0.0.1", true, false));
    }
}

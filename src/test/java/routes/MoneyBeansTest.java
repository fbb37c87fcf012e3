package routes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.Caps;
import java.math.BigDecimal;
import java.util.Optional;
import operations.MoneySettings;
import org.junit.jupiter.api.Test;
import sites.Site;

/** Which caps hold for a site: its own, or the relay's. */
class MoneyBeansTest {
    private static Caps caps(Long anonymousOfRelay, Long ofSite, Long anonymousOfSite) {
        MoneySettings money =
                new MoneySettings(BigDecimal.ONE, BigDecimal.ONE, 1000, 0, Optional.ofNullable(anonymousOfRelay));
        return MoneyBeans.caps(money, new Site.Limits(null, null, ofSite, anonymousOfSite));
    }

    @Test
    void what_a_site_does_not_say_is_the_relays() {
        assertEquals(new Caps(1000, 500, 0, 0), caps(null, null, null));
        assertEquals(new Caps(1000, 100, 0, 0), caps(100L, null, null));
        assertEquals(new Caps(1000, 7, 0, 0), caps(100L, null, 7L));
    }

    @Test
    void visitors_of_a_site_with_a_cap_of_its_own_have_half_of_that() {
        assertEquals(new Caps(50, 25, 0, 0), caps(100L, 50L, null));
        assertEquals(new Caps(50, 10, 0, 0), caps(100L, 50L, 10L));
        assertEquals(new Caps(0, 0, 0, 0), caps(100L, 0L, null));
    }
}

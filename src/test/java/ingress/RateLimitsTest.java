package ingress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sites.Addresses;
import sites.TestSite;

class RateLimitsTest {
    private static final int LIMIT = 20;

    private final RateLimits limits = new RateLimits(LIMIT);

    private int takenOf(int requests, String site) {
        int taken = 0;
        for (int i = 0; i < requests; i++) {
            try {
                limits.take(TestSite.named(site));
                taken++;
            } catch (RejectedRequest e) {
                assertEquals(429, e.status());
                assertEquals("too many requests", e.getMessage());
                assertEquals(1, e.headers().get("Retry-After"));
            }
        }
        return taken;
    }

    @Test
    void a_site_has_its_share_of_a_second_and_the_next_second_again() {
        int taken = takenOf(1000, "a");
        // The thousand may lie on both sides of the end of a second.
        assertTrue(taken == LIMIT || taken == 2 * LIMIT, () -> taken + " were taken");
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertDoesNotThrow(() -> limits.take(TestSite.named("a"))));
    }

    @Test
    void the_addresses_of_one_network_of_ipv6_share_what_one_address_has() {
        RejectedRequest reason = RejectedRequest.badSignature();
        long answered = IntStream.range(1, 100)
                .mapToObj(i -> limits.refuse(Addresses.literal("2001:db8::" + i), reason))
                .filter(answer -> answer == reason)
                .count();
        assertTrue(answered <= LIMIT, () -> answered + " were answered");
        assertSame(reason, limits.refuse(Addresses.literal("2001:db8:0:1::1"), reason));
    }

    @Test
    void no_site_uses_up_the_share_of_another() {
        takenOf(1000, "a");
        limits.take(TestSite.named("b"));
    }

    @Test
    void an_address_that_does_not_verify_has_half_of_it_and_costs_its_neighbours_nothing() {
        RejectedRequest reason = RejectedRequest.badSignature();
        InetAddress stranger = Addresses.literal("203.0.113.7");
        int answered = 0;
        for (int i = 0; i < 1000; i++) {
            RejectedRequest answer = limits.refuse(stranger, reason);
            if (answer == reason) {
                answered++;
            } else {
                assertEquals(429, answer.status());
            }
        }
        int all = answered;
        assertTrue(all == LIMIT / 2 || all == LIMIT, () -> all + " were answered");
        assertSame(reason, limits.refuse(Addresses.literal("203.0.113.8"), reason));
        assertSame(reason, limits.refuse(Addresses.literal("2001:db8::1"), reason));
        assertSame(reason, limits.refuse(null, reason));
        limits.take(TestSite.named("a site behind that address"));
    }

    @Test
    void what_is_answered_unsigned_counts_as_what_does_not_verify() {
        RejectedRequest reason = RejectedRequest.badSignature();
        InetAddress stranger = Addresses.literal("203.0.113.7");
        RejectedRequest refused = assertThrows(RejectedRequest.class, () -> {
            for (int i = 0; i < 1000; i++) {
                limits.takeUnsigned(stranger);
                limits.refuse(stranger, reason);
            }
        });
        assertEquals(429, refused.status());
        assertDoesNotThrow(() -> limits.takeUnsigned(Addresses.literal("203.0.113.8")));
    }

    @Test
    void a_limit_of_one_lets_one_stranger_through() {
        RateLimits narrow = new RateLimits(1);
        RejectedRequest reason = RejectedRequest.badSignature();
        assertSame(reason, narrow.refuse(null, reason));
        assertDoesNotThrow(() -> narrow.take(TestSite.named("a")));
        assertThrows(RejectedRequest.class, () -> {
            narrow.take(TestSite.named("a"));
            narrow.take(TestSite.named("a"));
        });
    }
}

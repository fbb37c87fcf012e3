package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.Backlog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountedTest {
    private static final long MS = Duration.ofMillis(1).toNanos();
    private static final long AT = 7_000 * MS;

    /** Counted at {@link #AT}. */
    private static Counted took(long milliseconds, Backlog.OfSite... sites) {
        return Counted.unknown(0).next(AT, AT + milliseconds * MS, List.of(sites), Map.of());
    }

    @Test
    void it_is_old_after_a_second_and_in_a_hurry_after_a_tenth() {
        Counted quick = took(1);
        assertFalse(quick.isOld(AT + 999 * MS));
        assertTrue(quick.isOld(AT + 1_000 * MS));
        assertFalse(quick.isOldInAHurry(AT + 99 * MS));
        assertTrue(quick.isOldInAHurry(AT + 100 * MS));
    }

    @Test
    void a_fiftieth_of_the_time_goes_into_counting_and_no_more() {
        Counted slow = took(40);
        assertFalse(slow.isOld(AT + 1_999 * MS));
        assertTrue(slow.isOld(AT + 2_000 * MS));
        assertFalse(slow.isOldInAHurry(AT + 1_999 * MS));
        assertTrue(slow.isOldInAHurry(AT + 2_000 * MS));
    }

    @Test
    void it_is_trusted_for_five_seconds_after_it_should_have_been_made_anew() {
        assertTrue(took(1).isTrusted(AT + 5_999 * MS));
        assertFalse(took(1).isTrusted(AT + 6_000 * MS));
        assertTrue(took(40).isTrusted(AT + 6_999 * MS));
        assertFalse(took(40).isTrusted(AT + 7_000 * MS));
        assertFalse(Counted.unknown(AT).isTrusted(AT));
    }

    @Test
    void there_is_room_when_there_is_room_for_each_site_and_for_all_together() {
        assertTrue(took(1, new Backlog.OfSite("a", 8, 4), new Backlog.OfSite("b", 8, 4))
                .isRoom(10));
        assertFalse(took(1, new Backlog.OfSite("a", 8, 4), new Backlog.OfSite("b", 9, 4))
                .isRoom(10));
        assertFalse(took(1, new Backlog.OfSite("a", 8, 5), new Backlog.OfSite("b", 8, 4))
                .isRoom(10));
    }

    @Test
    void a_site_of_which_nothing_is_known_has_nothing_waiting() {
        assertEquals(Level.NONE, took(1).site("a"));
        assertEquals(8, took(1, new Backlog.OfSite("a", 8, 4)).site("a").waiting());
    }
}

package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuspicionTest {
    private static final Instant NOW = Instant.parse("2026-01-31T09:30:00Z");

    @Test
    void an_event_whose_workers_die_is_tried_at_other_times_than_its_neighbours_and_not_for_ever() {
        List<String> outcomes =
                IntStream.rangeClosed(1, 12).mapToObj(SuspicionTest::outcome).toList();
        assertEquals(
                List.of("run", "run", "run", "run", "wait", "run", "wait", "run", "wait", "run", "dead", "dead"),
                outcomes);
    }

    @Test
    void those_that_were_in_hand_together_come_back_apart_from_each_other() {
        Set<Instant> times = new HashSet<>();
        for (int i = 0; i < 16; i++) {
            HeldBack held = held(5);
            assertFalse(held.until().isBefore(NOW));
            assertTrue(held.until().isBefore(NOW.plus(Duration.ofSeconds(15))));
            times.add(held.until());
        }
        assertTrue(times.size() > 10, times::toString);
    }

    @Test
    void putting_it_off_clears_an_event_of_nothing() {
        assertEquals(5, held(5).unended());
        assertEquals(0, new HeldBack("the site is paused", NOW).unended());
    }

    private static String outcome(int unended) {
        try {
            Suspicion.check(unended, NOW);
            return "run";
        } catch (HeldBack e) {
            return "wait";
        } catch (PermanentFailure e) {
            return "dead";
        }
    }

    private static HeldBack held(int unended) {
        try {
            Suspicion.check(unended, NOW);
        } catch (HeldBack e) {
            return e;
        }
        throw new AssertionError("it was not held back");
    }
}

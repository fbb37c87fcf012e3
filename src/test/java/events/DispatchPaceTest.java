package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DispatchPaceTest {
    private double load = 1;
    private long accepted;
    private boolean hasRoom = true;
    private long now;
    private final DispatchPace pace = new DispatchPace(() -> load, () -> accepted, () -> hasRoom, () -> now);

    private Duration after(Duration duration, int events) {
        now += duration.toNanos();
        accepted += events;
        return pace.rest();
    }

    @Test
    void events_that_a_busy_machine_takes_in_great_number_are_recorded_first() {
        assertEquals(DispatchPace.REST_IN_A_BURST, after(Duration.ofMillis(100), 400));
        assertTrue(pace.isBurst());
    }

    @Test
    void a_machine_that_has_time_for_both_does_both() {
        load = 0.7;
        assertEquals(DispatchPace.REST, after(Duration.ofMillis(100), 400));
    }

    @Test
    void work_that_keeps_the_machine_busy_does_not_wait_for_a_few_events() {
        assertEquals(DispatchPace.REST, after(Duration.ofMillis(100), 50));
    }

    @Test
    void a_burst_that_fills_the_room_for_what_waits_is_one_no_more() {
        hasRoom = false;
        assertEquals(DispatchPace.REST, after(Duration.ofMillis(100), 400));
    }

    @Test
    void a_burst_is_over_when_nothing_more_comes() {
        after(Duration.ofMillis(100), 200);
        for (int looks = 0; looks < 6; looks++) {
            assertEquals(DispatchPace.REST_IN_A_BURST, after(Duration.ofMillis(100), 0), "a moment is not the end");
        }
        assertEquals(DispatchPace.REST, after(Duration.ofMillis(100), 0));
        assertFalse(pace.isBurst());
    }

    @Test
    void it_takes_a_while_to_see_a_burst() {
        assertEquals(DispatchPace.REST, after(Duration.ofMillis(99), 400));
        assertEquals(DispatchPace.REST_IN_A_BURST, after(Duration.ofMillis(1), 0));
    }
}

package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkPaceTest {
    private final WorkPace pace = new WorkPace(16);

    private void took(Duration worked, int events) {
        for (int i = 0; i < events; i++) {
            pace.took(worked, true);
        }
    }

    @Test
    void while_nothing_is_known_each_event_has_a_message_of_its_own() {
        assertEquals(1, pace.eventsInAMessage(1));
    }

    @Test
    void events_that_take_no_time_share_a_message_up_to_a_limit() {
        took(Duration.ZERO, 1000);
        assertEquals(32, pace.eventsInAMessage(1));
    }

    @Test
    void those_that_share_a_message_take_ten_milliseconds_together() {
        took(Duration.ofMillis(2), 1000);
        assertEquals(4, pace.eventsInAMessage(1));
    }

    @Test
    void while_there_is_enough_to_do_for_every_worker_they_take_fifty() {
        took(Duration.ofMillis(8), 1000);
        assertEquals(1, pace.eventsInAMessage(16));
        assertEquals(4, pace.eventsInAMessage(64));
        assertEquals(6, pace.eventsInAMessage(256));
    }

    @Test
    void an_automation_that_takes_its_time_has_its_events_one_by_one() {
        took(Duration.ofMillis(60), 1000);
        assertEquals(1, pace.eventsInAMessage(256));
    }

    @Test
    void a_failure_may_say_that_it_takes_longer_and_never_that_it_takes_less() {
        for (int i = 0; i < 1000; i++) {
            pace.took(Duration.ZERO, false);
        }
        assertEquals(1, pace.eventsInAMessage(1));
        took(Duration.ZERO, 1000);
        pace.took(Duration.ofSeconds(30), false);
        assertEquals(1, pace.eventsInAMessage(1));
    }

    @Test
    void one_event_that_took_long_separates_those_that_follow_for_a_while() {
        took(Duration.ZERO, 1000);
        took(Duration.ofSeconds(30), 1);
        assertEquals(1, pace.eventsInAMessage(1));
        took(Duration.ZERO, 200);
        assertEquals(1, pace.eventsInAMessage(1));
        took(Duration.ZERO, 1000);
        assertTrue(pace.eventsInAMessage(1) > 1);
    }
}

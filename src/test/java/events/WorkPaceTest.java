package events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkPaceTest {
    private final WorkPace pace = new WorkPace();

    private void took(Duration worked, int events) {
        for (int i = 0; i < events; i++) {
            pace.took(worked);
        }
    }

    @Test
    void while_nothing_is_known_each_event_has_a_message_of_its_own() {
        assertEquals(1, pace.eventsInAMessage());
    }

    @Test
    void events_that_take_no_time_share_a_message_up_to_a_limit() {
        took(Duration.ZERO, 1000);
        assertEquals(32, pace.eventsInAMessage());
    }

    @Test
    void those_that_share_a_message_take_ten_milliseconds_together() {
        took(Duration.ofMillis(2), 1000);
        assertEquals(4, pace.eventsInAMessage());
    }

    @Test
    void an_automation_that_takes_its_time_has_its_events_one_by_one() {
        took(Duration.ofMillis(50), 1000);
        assertEquals(1, pace.eventsInAMessage());
    }

    @Test
    void one_event_that_took_long_separates_those_that_follow_for_a_while() {
        took(Duration.ZERO, 1000);
        took(Duration.ofSeconds(30), 1);
        assertEquals(1, pace.eventsInAMessage());
        took(Duration.ZERO, 200);
        assertEquals(1, pace.eventsInAMessage());
        took(Duration.ZERO, 1000);
        assertTrue(pace.eventsInAMessage() > 1);
    }
}

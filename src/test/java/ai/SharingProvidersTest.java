package ai;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import events.MovableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharingProvidersTest {
    private final MovableClock clock = new MovableClock();
    private final SharingProviders providers = new SharingProviders(clock);

    private void answers(String provider, boolean... areWhole) {
        for (boolean isWhole : areWhole) {
            providers.answered(provider, isWhole);
        }
    }

    @Test
    void one_is_given_up_after_three_in_a_row_by_itself_and_for_an_hour() {
        answers("mixed", false, false, true, false, false);
        answers("poor", false, false, false);
        assertTrue(providers.mayShare("mixed"));
        assertTrue(providers.mayShare("unknown"));
        assertFalse(providers.mayShare("poor"));
        clock.advance(Duration.ofHours(1));
        assertTrue(providers.mayShare("poor"));
    }

    @Test
    void a_request_that_was_under_way_meanwhile_changes_nothing() {
        answers("poor", false, false, false, true, false);
        assertFalse(providers.mayShare("poor"));
        clock.advance(Duration.ofHours(1));
        answers("poor", false, false);
        assertTrue(providers.mayShare("poor"), "it begins anew");
        answers("poor", false);
        assertFalse(providers.mayShare("poor"));
    }
}

package console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class GuessLimitTest {
    private static final BooleanSupplier RIGHT = () -> true;

    private long now = Long.MAX_VALUE - 1; // nanoTime may run over
    private int checks;
    private final GuessLimit guesses = new GuessLimit(() -> now);

    private boolean wrong() {
        checks++;
        return false;
    }

    private void guess(int times) {
        for (int i = 0; i < times; i++) {
            assertFalse(guesses.isRight("192.0.2.1", this::wrong));
        }
    }

    @Test
    void three_wrong_passwords_cost_nothing() {
        guess(2);
        assertTrue(guesses.isRight("192.0.2.1", RIGHT));
        guess(2);
        assertTrue(guesses.isRight("192.0.2.1", RIGHT));
    }

    @Test
    void of_many_guesses_one_a_second_is_looked_at() {
        guess(1000);
        assertEquals(GuessLimit.FREE, checks);
        for (int second = 1; second <= 5; second++) {
            now += GuessLimit.PAUSE_NANOS;
            guess(1000);
            assertEquals(GuessLimit.FREE + second, checks);
        }
    }

    @Test
    void who_knows_it_is_let_in_after_a_second_however_often_others_guessed() {
        guess(100_000);
        assertFalse(guesses.isRight("192.0.2.1", RIGHT), "refused without a look");
        now += GuessLimit.PAUSE_NANOS;
        assertTrue(guesses.isRight("192.0.2.1", RIGHT));
        guess(2);
        assertTrue(guesses.isRight("192.0.2.1", RIGHT), "and the count begins anew");
    }

    @Test
    void a_flood_of_guesses_from_elsewhere_keeps_nobody_out() {
        for (int tenth = 0; tenth < 100; tenth++) {
            guess(100);
            now += GuessLimit.PAUSE_NANOS / 10;
            assertTrue(guesses.isRight("192.0.2.2", RIGHT), "at any time");
        }
    }

    @Test
    void who_has_many_addresses_has_no_more_guesses_than_all_have() {
        for (int address = 0; address < 20_000; address++) {
            assertFalse(guesses.isRight("address " + address, this::wrong));
        }
        assertEquals(GuessLimit.FREE_OF_ALL, checks);
        now += GuessLimit.PAUSE_NANOS / GuessLimit.FREE_OF_ALL;
        assertTrue(guesses.isRight("192.0.2.2", RIGHT));
    }
}

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
            assertFalse(guesses.isRight(this::wrong));
        }
    }

    @Test
    void three_wrong_passwords_cost_nothing() {
        guess(2);
        assertTrue(guesses.isRight(RIGHT));
        guess(2);
        assertTrue(guesses.isRight(RIGHT));
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
        assertFalse(guesses.isRight(RIGHT), "refused without a look");
        now += GuessLimit.PAUSE_NANOS;
        assertTrue(guesses.isRight(RIGHT));
        guess(2);
        assertTrue(guesses.isRight(RIGHT), "and the count begins anew");
    }
}

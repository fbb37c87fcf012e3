package ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LevelTest {
    private static final double EXACTLY = 1e-9;

    @Test
    void the_first_drain_that_is_seen_is_the_drain() {
        // 100 waited and 30 came; 80 are left after 5 s: 50 have gone.
        assertEquals(10, new Level(100, 7, Double.NaN).next(80, 37, 5).drain(), EXACTLY);
    }

    @Test
    void a_later_one_counts_by_its_time() {
        double remembered = Math.exp(-1);
        // 10 s in which 20 a second went, after 10 a second.
        assertEquals(
                remembered * 10 + (1 - remembered) * 20,
                new Level(300, 0, 10).next(100, 0, 10).drain(),
                EXACTLY);
    }

    @Test
    void what_another_relay_accepted_does_not_make_the_drain_negative() {
        assertEquals(0, new Level(10, 0, Double.NaN).next(90, 0, 1).drain(), EXACTLY);
    }

    @Test
    void since_the_count_some_have_come_and_some_have_gone() {
        Level level = new Level(100, 7, 10);
        assertEquals(100, level.estimate(7, 0), EXACTLY);
        assertEquals(80, level.estimate(17, 3), EXACTLY);
        assertEquals(0, level.estimate(7, 11), EXACTLY);
        assertEquals(110, new Level(100, 7, Double.NaN).estimate(17, 3), EXACTLY);
    }

    @Test
    void there_is_room_again_when_a_tenth_is_free() {
        assertTrue(new Level(89, 0, 1).isRoom(100));
        assertFalse(new Level(90, 0, 1).isRoom(100));
    }

    @Test
    void the_time_until_then_is_that_of_the_drain_or_a_fixed_one_where_hardly_anything_goes() {
        assertEquals(4, new Level(130, 0, 10).secondsToRoom(130, 100), EXACTLY);
        assertEquals(10 * 30, new Level(100, 0, 1.0 / 30).secondsToRoom(100, 100), EXACTLY);
        assertEquals(30, new Level(100, 0, 1.0 / 31).secondsToRoom(100, 100), EXACTLY);
        assertEquals(30, new Level(100, 0, Double.NaN).secondsToRoom(100, 100), EXACTLY);
    }
}

package contact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import contact.Ranges.Gap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RangesTest {
    private static final Instant T0 = Instant.parse("2026-01-31T09:30:00Z");

    private final Ranges ranges = new Ranges();

    private static Instant at(int seconds) {
        return T0.plusSeconds(seconds);
    }

    private List<Gap> gaps(int noticedBy) {
        return ranges.gaps(at(noticedBy));
    }

    @Test
    void numbers_that_come_one_after_the_other_are_one_range() {
        LongStream.rangeClosed(5, 1_000).forEach(number -> ranges.add(number, T0));
        assertEquals(List.of(new Ranges.Range(5, 1_000, T0)), ranges.ranges());
        assertEquals(List.of(), gaps(0));
    }

    @Test
    void a_gap_is_known_since_it_was_noticed_and_gone_when_it_is_filled() {
        ranges.add(1, at(0));
        ranges.add(4, at(10));
        assertEquals(List.of(), gaps(9));
        assertEquals(List.of(new Gap(2, 3, at(10))), gaps(10));
        ranges.add(3, at(20));
        assertEquals(List.of(new Gap(2, 2, at(10))), gaps(10));
        ranges.add(2, at(30));
        assertEquals(List.of(new Ranges.Range(1, 4, at(0))), ranges.ranges());
    }

    @Test
    void a_number_in_the_middle_of_a_gap_makes_two_that_are_as_old() {
        ranges.add(1, at(0));
        ranges.add(9, at(10));
        ranges.add(5, at(50));
        assertEquals(List.of(new Gap(2, 4, at(10)), new Gap(6, 8, at(10))), gaps(10));
    }

    @Test
    void a_gap_above_another_has_its_own_age() {
        ranges.add(1, at(0));
        ranges.add(3, at(10));
        ranges.add(5, at(20));
        assertEquals(List.of(new Gap(2, 2, at(10))), gaps(19));
        assertEquals(List.of(2L, 4L), Ranges.numbers(gaps(20), 500));
    }

    @Test
    void a_huge_jump_costs_one_range_and_a_list_of_as_many_as_are_wanted() {
        ranges.add(1, T0);
        ranges.add(9_000_000_000_000_000L, T0);
        ranges.add(3, T0);
        assertEquals(3, ranges.ranges().size());
        List<Long> numbers = Ranges.numbers(gaps(0), 500);
        assertEquals(500, numbers.size());
        assertEquals(List.of(2L, 4L, 5L), numbers.subList(0, 3));
    }

    @Test
    void of_more_gaps_than_it_holds_the_latest_count_as_filled() {
        Ranges few = new Ranges(200);
        for (long number = 1; number <= 10_001; number += 2) {
            few.add(number, at((int) number));
            assertTrue(few.ranges().size() <= 200);
        }
        assertTrue(few.isCut());
        assertEquals(1, few.lowest());
        assertEquals(10_001, few.highest());
        assertEquals(new Gap(2, 2, at(3)), few.gaps(at(10_001)).get(0));
    }

    @Test
    void what_is_cut_is_the_gaps_that_were_noticed_last_wherever_they_are() {
        ranges.add(1, at(0));
        ranges.add(9, at(1));
        ranges.add(11, at(9));
        ranges.add(13, at(2));
        ranges.add(15, at(8));
        ranges.cut(5);
        assertFalse(ranges.isCut());
        ranges.cut(3);
        assertEquals(List.of(new Gap(2, 8, at(1)), new Gap(12, 12, at(2))), gaps(99));
        assertEquals(15, ranges.highest());
        assertTrue(ranges.isCut());
    }

    @Test
    void when_it_ends_earlier_the_gaps_below_stay_as_old_as_they_were() {
        ranges.add(1, at(0));
        ranges.add(5, at(3));
        ranges.add(20, at(7));
        ranges.endAt(8, at(50));
        assertEquals(List.of(new Gap(2, 4, at(3)), new Gap(6, 7, at(7))), gaps(7));
        assertEquals(8, ranges.highest());
        ranges.endAt(4, at(60));
        assertEquals(List.of(new Gap(2, 3, at(3))), gaps(99));
        ranges.endAt(0, at(60));
        assertEquals(0, ranges.highest());
    }

    @Test
    void what_is_below_the_first_that_ever_came_is_not_taken_over() {
        Ranges others = new Ranges();
        others.add(800, T0);
        ranges.addAbove(others, T0);
        Ranges late = new Ranges();
        late.add(700, T0);
        late.add(799, T0);
        late.add(800, T0);
        late.add(801, T0);
        ranges.addAbove(late, T0);
        assertEquals(List.of(new Ranges.Range(800, 801, T0)), ranges.ranges());
    }

    @RepeatedTest(50)
    void it_holds_what_a_set_would(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Long> numbers =
                new ArrayList<>(LongStream.rangeClosed(1, 150).boxed().toList());
        Collections.shuffle(numbers, random);
        TreeSet<Long> set = new TreeSet<>();
        for (Long number : numbers.subList(0, 100)) {
            set.add(number);
            ranges.add(number, T0);
            ranges.add(number, T0);
        }
        TreeSet<Long> missing = new TreeSet<>(numbers);
        missing.removeAll(set);
        missing.removeIf(number -> number < set.first() || number > set.last());
        assertEquals(new ArrayList<>(missing), Ranges.numbers(gaps(0), 500));
        long held = ranges.ranges().stream()
                .mapToLong(range -> range.last() - range.first() + 1)
                .sum();
        assertEquals(set.size(), held);
        assertTrue(ranges.ranges().size() <= set.size());
    }
}

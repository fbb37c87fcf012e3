package contact;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * A set of numbers that come mostly one after the other, as ranges without a gap. However wild they come, it holds no more
 * than its bound: then gaps count as filled, the latest first, since what has been missing for long is most likely lost,
 * and what is missing since just now on its way. Not safe to share.
 */
public final class Ranges {
    /**
     * How many to hold in memory: a site has one while all is well, but of several relays each hears only a part of its
     * numbers.
     */
    static final int MOST = 10_000;

    private final TreeMap<Long, Range> byFirst = new TreeMap<>();
    private final int most;
    private boolean isCut;

    /** @param since when the gap below it was noticed */
    public record Range(long first, long last, Instant since) {}

    /** Numbers that are missing between others. */
    public record Gap(long first, long last, Instant since) {
        long size() {
            return last - first + 1;
        }

        @Override
        public String toString() {
            return first == last ? Long.toString(first) : first + " to " + last;
        }
    }

    Ranges() {
        this(MOST);
    }

    /** @param most its bound, at least 2 */
    Ranges(int most) {
        this.most = most;
    }

    /** Of ranges that do not overlap. */
    static Ranges of(List<Range> ranges) {
        Ranges all = new Ranges();
        ranges.forEach(range -> all.byFirst.put(range.first(), range));
        return all;
    }

    List<Range> ranges() {
        return List.copyOf(byFirst.values());
    }

    public boolean isEmpty() {
        return byFirst.isEmpty();
    }

    /** Of one that is not empty. */
    long lowest() {
        return byFirst.firstKey();
    }

    /** Of one that is not empty. */
    public long highest() {
        return byFirst.lastEntry().getValue().last();
    }

    void add(long number, Instant now) {
        add(number, number, now);
    }

    void addAll(Ranges others, Instant now) {
        isCut |= others.isCut;
        others.byFirst.values().forEach(range -> add(range.first(), range.last(), now));
    }

    /** Adds all of another one that are not lower than what is here: what came before the first is nobody's to miss. */
    void addAbove(Ranges others, Instant now) {
        isCut |= others.isCut;
        long least = isEmpty() ? others.lowest() : lowest();
        for (Range range : others.byFirst.values()) {
            if (range.last() >= least) {
                add(Math.max(range.first(), least), range.last(), now);
            }
        }
    }

    private void add(long first, long last, Instant now) {
        Map.Entry<Long, Range> above = byFirst.higherEntry(first);
        // Whatever lies in a gap was missing since the gap was noticed; so is what is left of it.
        Range merged =
                new Range(first, last, above == null ? now : above.getValue().since());
        for (Range range : touching(first, last)) {
            byFirst.remove(range.first());
            merged = new Range(
                    Math.min(merged.first(), range.first()),
                    Math.max(merged.last(), range.last()),
                    range.first() <= merged.first() ? range.since() : merged.since());
        }
        byFirst.put(merged.first(), merged);
        if (byFirst.size() > most) {
            // Some more than it must, so that this is not to do for each number.
            cut(most - most / 10);
        }
    }

    /** Lets gaps count as filled, those that were noticed last, until there are no more ranges than that. */
    void cut(int atMost) {
        int surplus = byFirst.size() - atMost;
        if (surplus <= 0) {
            return;
        }
        isCut = true;
        byFirst.values().stream()
                .skip(1)
                .sorted(Comparator.comparing(Range::since)
                        .thenComparing(Range::first)
                        .reversed())
                .limit(surplus)
                .toList()
                .forEach(range -> fillBelow(range.first()));
    }

    private void fillBelow(long first) {
        Range range = byFirst.remove(first);
        Range below = byFirst.lowerEntry(first).getValue();
        byFirst.put(below.first(), new Range(below.first(), range.last(), below.since()));
    }

    /** Whether a gap counts as filled for want of room, here or in what was added. */
    boolean isCut() {
        return isCut;
    }

    /** The number was the last, and what is above it of no account any more; gaps below it stay. */
    void endAt(long number, Instant now) {
        add(number, now);
        byFirst.tailMap(number, false).clear();
        Range last = byFirst.lastEntry().getValue();
        byFirst.put(last.first(), new Range(last.first(), number, last.since()));
    }

    /** Those that overlap or adjoin, the lowest first. */
    private List<Range> touching(long first, long last) {
        Long from = byFirst.floorKey(first);
        List<Range> touching = new ArrayList<>();
        for (Range range : (from == null ? byFirst : byFirst.tailMap(from, true)).values()) {
            if (range.first() > last + 1) {
                break;
            }
            if (range.last() >= first - 1) {
                touching.add(range);
            }
        }
        return touching;
    }

    /** The gaps that were noticed by then, the lowest first. */
    List<Gap> gaps(Instant noticedBy) {
        List<Gap> gaps = new ArrayList<>();
        Range below = null;
        for (Range range : byFirst.values()) {
            if (below != null && !range.since().isAfter(noticedBy)) {
                gaps.add(new Gap(below.last() + 1, range.first() - 1, range.since()));
            }
            below = range;
        }
        return gaps;
    }

    /** The lowest of the numbers in gaps. */
    public static List<Long> numbers(List<Gap> gaps, int most) {
        return gaps.stream()
                .flatMapToLong(
                        gap -> LongStream.rangeClosed(gap.first(), gap.last()).limit(most))
                .limit(most)
                .boxed()
                .collect(Collectors.toList());
    }
}

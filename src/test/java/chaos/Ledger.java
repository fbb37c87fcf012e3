package chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * Every 202 of one row, kept outside of what is tested. At the end each acknowledged event has exactly one effect, or is
 * a dead letter with a reason.
 */
final class Ledger {
    private static final long NEVER = 0;

    /** One event that was sent, under whatever many attempts. */
    private static final class Entry {
        private final long target;
        private volatile long acknowledged = NEVER;
        private volatile String reason;
        private volatile String flaw;

        private Entry(long target) {
            this.target = target;
        }
    }

    private final Effects effects;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong latest = new AtomicLong(NEVER);

    Ledger(Effects effects) {
        this.effects = effects;
    }

    void sent(String key, long target) {
        entries.putIfAbsent(key, new Entry(target));
    }

    /** A 202, new or duplicate: the first one counts. */
    void acknowledged(String key) {
        Entry entry = entries.get(key);
        long now = System.nanoTime();
        if (entry.acknowledged == NEVER) {
            entry.acknowledged = now;
            open.add(key);
        }
        latest.set(now);
    }

    /** The event log says that it ended without an effect; a dead letter without a reason counts as lost. */
    void dead(String key, String reason) {
        if (reason == null || reason.isBlank()) {
            lost(key, "a dead letter without a reason");
        } else {
            entries.get(key).reason = reason;
        }
    }

    /** It will have no effect any more, for this reason; unless one is there after all. */
    void lost(String key, String flaw) {
        entries.get(key).flaw = flaw;
    }

    /** When the latest 202 came, by {@link System#nanoTime()}. */
    long latestAcknowledgement() {
        return latest.get();
    }

    /** Acknowledged events that have come to no end, the oldest first. */
    List<String> unfinished() {
        open.removeIf(this::isFinished);
        return open.stream()
                .sorted(Comparator.comparingLong(key -> entries.get(key).acknowledged))
                .toList();
    }

    private boolean isFinished(String key) {
        Entry entry = entries.get(key);
        return entry.reason != null || entry.flaw != null || effects.has(key);
    }

    /** From 202 to effect, in milliseconds, of those that were acknowledged then and whose target the filter takes. */
    List<Double> delays(LongPredicate filter, Window window) {
        List<Double> delays = new ArrayList<>();
        entries.forEach((key, entry) -> {
            boolean isIn = entry.acknowledged >= window.from() && entry.acknowledged < window.to();
            if (isIn && filter.test(entry.target)) {
                effects.time(key).ifPresent(at -> delays.add(Math.max(0, at - entry.acknowledged) / 1e6));
            }
        });
        return delays;
    }

    /** Settles the account; to be called when nothing is unfinished or the patience is over. */
    Verdict verdict() {
        List<String> lost = new ArrayList<>();
        List<String> doubled = new ArrayList<>();
        List<String> dead = new ArrayList<>();
        int acknowledged = 0;
        for (Map.Entry<String, Entry> event : entries.entrySet()) {
            String key = event.getKey();
            Entry entry = event.getValue();
            int happened = effects.count(entry.target);
            if (happened > 1) {
                doubled.add(key + ": " + happened + " effects on " + entry.target);
            } else if (effects.conflicts(entry.target) > 0) {
                doubled.add(key + ": two different results for " + entry.target);
            }
            if (entry.acknowledged == NEVER) {
                continue; // no 202, no promise; but no second effect either
            }
            acknowledged++;
            if (happened == 0 && entry.reason != null) {
                dead.add(key + ": " + entry.reason);
            } else if (happened == 0) {
                lost.add(key + ": " + (entry.flaw == null ? "came to no end" : entry.flaw));
            }
        }
        return new Verdict(acknowledged, lost, doubled, dead);
    }
}

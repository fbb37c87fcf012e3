package chaos;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the receiver did, as the plugin would have: each {@code Idempotency-Key} once (contract, section 4). Effects are
 * counted by their target, since a second effect under another key would be one as well.
 */
public final class Effects {
    enum Outcome {
        APPLIED,
        DUPLICATE,
        CONFLICT
    }

    private record Applied(int bodyHash, long nanos) {}

    private final Map<String, Applied> applied = new ConcurrentHashMap<>();
    private final Map<Long, AtomicInteger> effects = new ConcurrentHashMap<>();
    private final Map<Long, AtomicInteger> conflicts = new ConcurrentHashMap<>();
    private final AtomicInteger repeated = new AtomicInteger();
    private final boolean isForgetful;

    /** @param isForgetful applies what is repeated again: a WordPress that breaks the promise, to see a row fail */
    public Effects(boolean isForgetful) {
        this.isForgetful = isForgetful;
    }

    /** @param idempotencyKey the event's key, a colon, the action */
    synchronized Outcome apply(String idempotencyKey, long target, byte[] body) {
        String key = idempotencyKey.substring(0, Math.max(0, idempotencyKey.lastIndexOf(':')));
        int hash = Arrays.hashCode(body);
        Applied before = applied.get(key);
        if (before != null && !isForgetful) {
            repeated.incrementAndGet();
            if (before.bodyHash() == hash) {
                return Outcome.DUPLICATE;
            }
            conflicts.computeIfAbsent(target, unseen -> new AtomicInteger()).incrementAndGet();
            return Outcome.CONFLICT;
        }
        applied.putIfAbsent(key, new Applied(hash, System.nanoTime()));
        effects.computeIfAbsent(target, unseen -> new AtomicInteger()).incrementAndGet();
        return Outcome.APPLIED;
    }

    boolean has(String key) {
        return applied.containsKey(key);
    }

    /** When the event's effect happened, by {@link System#nanoTime()}. */
    OptionalLong time(String key) {
        Applied found = applied.get(key);
        return found == null ? OptionalLong.empty() : OptionalLong.of(found.nanos());
    }

    public int count(long target) {
        AtomicInteger count = effects.get(target);
        return count == null ? 0 : count.get();
    }

    /** How many events have had one. */
    public int size() {
        return applied.size();
    }

    /** How often another body came under a used key: a second effect that only the plugin's memory prevented. */
    int conflicts(long target) {
        AtomicInteger count = conflicts.get(target);
        return count == null ? 0 : count.get();
    }

    /** Call-backs that came again and had no second effect. */
    int repeated() {
        return repeated.get();
    }
}

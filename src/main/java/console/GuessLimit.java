package console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Makes guessing a password slow, without shutting out the one who knows it: after a few wrong ones in a row from an
 * address, one a second is looked at from there; and of all wrong ones together, a few a second, for whoever has many
 * addresses. It keeps so many addresses and no more, whatever strangers send.
 */
public final class GuessLimit {
    static final int FREE = 3;
    static final int FREE_OF_ALL = 20;
    static final long PAUSE_NANOS = 1_000_000_000;

    private static final int MOST_ADDRESSES = 10_000;
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final LongSupplier nanoTime;
    private final Cache<String, Pace> addresses;
    private final Pace all = new Pace(FREE_OF_ALL, PAUSE_NANOS / FREE_OF_ALL);

    /** Wrong ones in a row; once they are too many, a look now and then. */
    private static final class Pace {
        private final int free;
        private final long pause;
        private int wrong;
        private long next;

        private Pace(int free, long pause) {
            this.free = free;
            this.pause = pause;
        }

        private boolean isHeld(long now) {
            return wrong >= free && now - next < 0;
        }

        private void wrong(long now) {
            wrong = Math.min(wrong + 1, free);
            next = now + pause;
        }
    }

    /** @param nanoTime as {@link System#nanoTime} */
    public GuessLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        // By the same clock; and at once, since the map would be over its size for a while.
        this.addresses = Caffeine.newBuilder()
                .maximumSize(MOST_ADDRESSES)
                .expireAfterAccess(REMEMBERED)
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /**
     * @param address where it comes from
     * @return whether the check was made, and says that the password is right
     */
    public synchronized boolean isRight(String address, BooleanSupplier check) {
        long now = nanoTime.getAsLong();
        Pace ofAddress = addresses.get(address, any -> new Pace(FREE, PAUSE_NANOS));
        if (ofAddress.isHeld(now) || all.isHeld(now)) {
            return false;
        }
        if (check.getAsBoolean()) {
            addresses.invalidate(address);
            all.wrong = 0;
            return true;
        }
        ofAddress.wrong(now);
        all.wrong(now);
        return false;
    }
}

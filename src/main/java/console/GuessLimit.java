package console;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Makes guessing a password slow, without shutting out the one who knows it for longer than a second: after a few wrong
 * ones in a row, one a second is looked at. It keeps two numbers, whatever strangers send.
 */
public final class GuessLimit {
    static final int FREE = 3;
    static final long PAUSE_NANOS = 1_000_000_000;

    private final LongSupplier nanoTime;
    private int wrong;
    private long next;

    /** @param nanoTime as {@link System#nanoTime} */
    public GuessLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** @return whether the check was made, and says that the password is right */
    public synchronized boolean isRight(BooleanSupplier check) {
        long now = nanoTime.getAsLong();
        if (wrong >= FREE && now - next < 0) {
            return false;
        }
        if (check.getAsBoolean()) {
            wrong = 0;
            return true;
        }
        wrong = Math.min(wrong + 1, FREE);
        next = now + PAUSE_NANOS;
        return false;
    }
}

package ai;

import events.HeldBack;
import java.time.Instant;

/**
 * A provider was not asked, since what may be used in a day would have been exceeded. The event waits until the next day
 * begins, however long its retries are; one that a whole day's budget is too little for does not wait. The message says
 * which cap, what is used and what to do.
 */
public final class BudgetSpent extends HeldBack {
    private static final long serialVersionUID = 1L;

    private final boolean isInVain;

    /** @param isInVain whether the next day's budget would not do either */
    BudgetSpent(String reason, Instant until, boolean isInVain) {
        super(reason, until);
        this.isInVain = isInVain;
    }

    @Override
    protected boolean isInVain() {
        return isInVain;
    }
}

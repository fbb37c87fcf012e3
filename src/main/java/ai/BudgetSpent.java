package ai;

import events.HeldBack;
import java.time.Instant;

/** The event is held back, since what a provider may cost is spent. The message says which budget, and what to do. */
public final class BudgetSpent extends HeldBack {
    private static final long serialVersionUID = 1L;

    /** @param until when there is a budget again */
    public BudgetSpent(String reason, Instant until) {
        super(reason, until);
    }
}

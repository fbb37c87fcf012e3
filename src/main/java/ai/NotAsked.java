package ai;

import events.HeldBack;
import java.time.Instant;

/** The event is held back, since no provider can be asked now. The message says why. */
public final class NotAsked extends HeldBack {
    private static final long serialVersionUID = 1L;

    NotAsked(String reason, Instant until) {
        super(reason, until, false);
    }
}

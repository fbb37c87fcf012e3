package ai;

import events.HeldBack;
import java.time.Instant;

/**
 * The event is held back, since a provider was not asked: its circuit breaker is open. The message says what it last failed
 * with.
 */
public final class NotAsked extends HeldBack {
    private static final long serialVersionUID = 1L;

    NotAsked(String failure, Instant until) {
        super("the AI provider is left alone for a while, since it keeps failing: " + failure, until, false);
    }
}

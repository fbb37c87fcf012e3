package ai;

/** A provider was not asked, since its circuit breaker is open. The message says what it last failed with. */
public final class NotAsked extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAsked(String message) {
        // No stack trace: it is thrown for every event while a provider is down.
        super(message, null, false, false);
    }
}

package events;

/** No retry mends it: the event goes to the dead letters at once. The message is for the operator. */
public final class PermanentFailure extends RuntimeException implements Lasting {
    private static final long serialVersionUID = 1L;

    public PermanentFailure(String message) {
        super(message);
    }
}

package pages;

/** Whoever asks has to log in first. */
public final class NotAdmitted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAdmitted() {
        super("not logged in", null, false, false);
    }
}

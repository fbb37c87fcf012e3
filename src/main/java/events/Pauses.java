package events;

/** What the rows of {@code relay_pause} mean, for all who read them. */
public final class Pauses {
    /**
     * Of a pause that has not ended, as a condition on its row. One that an operator gave an end may be past it and its
     * row still there. Takes the present time as its parameter.
     */
    public static final String LASTS = "(relay_pause.ends_at IS NULL OR relay_pause.ends_at > ?)";

    private Pauses() {}
}

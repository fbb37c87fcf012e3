package automations;

/**
 * A file of {@code RELAY_AUTOMATIONS_DIR} as it was found.
 *
 * @param text with {@code \n} at the ends of lines; null if it could not be read
 * @param problem why there is no text, or null
 */
public record Source(String text, String problem) {
    static Source of(String text) {
        return new Source(text, null);
    }

    static Source unreadable(String problem) {
        return new Source(null, problem);
    }
}

package operations;

/** A setting that cannot be used. The message is one line for the operator: variable, value, what it should be. */
public final class SettingsException extends RuntimeException {
    public SettingsException(String message) {
        super(message);
    }
}

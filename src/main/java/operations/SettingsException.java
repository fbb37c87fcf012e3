package operations;

/** A setting that cannot be used. The message is one line for the operator: variable, value, what it should be. */
public final class SettingsException extends RuntimeException {
    public SettingsException(String message) {
        super(message);
    }

    /** Of a value that is no secret; a password within an address is not shown. */
    static SettingsException wrong(String variable, String value, String expected) {
        String shown = value.replaceAll("//[^/]*@", "//***@").replaceAll("(?i)(password=)[^&;]*", "$1***");
        return new SettingsException(variable + " is '" + shown + "'; it should be " + expected);
    }
}

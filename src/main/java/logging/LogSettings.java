package logging;

/**
 * How the relay logs.
 *
 * @param format {@code json} or {@code plain}
 * @param level of the relay's own lines, such as {@code info}
 */
public record LogSettings(String format, String level) {
    public static final String[] FORMATS = {"auto", LogFormat.JSON, LogFormat.PLAIN};
    public static final String[] LEVELS = {"error", "warn", "info", "debug"};

    /** @param format one of {@link #FORMATS}; auto is as {@link LogFormat} has it */
    public static LogSettings of(String format, String level) {
        return new LogSettings(LogFormat.of(format), level);
    }

    /** Whether a program reads what the relay prints, and not a person. */
    public boolean isJson() {
        return format.equals(LogFormat.JSON);
    }
}

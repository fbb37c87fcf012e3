package logging;

import ch.qos.logback.core.PropertyDefinerBase;

/**
 * For logback.xml, which is read before the settings are: the value of {@code RELAY_LOG_FORMAT}, {@code json} or {@code
 * plain}. What {@code auto} is, the default, says whoever starts the relay, by the system property {@value #TERMINAL};
 * bin/relay looks whether its output is a terminal. Without it, it is JSON.
 */
public final class LogFormat extends PropertyDefinerBase {
    static final String JSON = "json";
    static final String PLAIN = "plain";

    private static final String TERMINAL = "relay.log.terminal";

    @Override
    public String getPropertyValue() {
        String property = System.getProperty("relay.log.format");
        String variable = System.getenv("RELAY_LOG_FORMAT");
        return of(property != null ? property : variable == null ? "auto" : variable.strip());
    }

    /** What cannot be used is said by the settings, in a line on stderr. */
    static String of(String format) {
        boolean isPlain = format.equals(PLAIN) || !format.equals(JSON) && Boolean.getBoolean(TERMINAL);
        return isPlain ? PLAIN : JSON;
    }
}

package console;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * Where the console is, and who may enter.
 *
 * @param port 0: there is none
 * @param isPortChosen whether somebody asked for this port, so that one that is taken is a mistake
 * @param password in clear, never empty
 * @param isPasswordGiven whether somebody set it; or else it was made for this start
 * @param isDebugging whether it shows messages with all that is in them, and may stop them at breakpoints
 */
public record ConsoleSettings(
        String host,
        int port,
        boolean isPortChosen,
        String user,
        String password,
        boolean isPasswordGiven,
        boolean isDebugging) {
    private static final int PASSWORD_BYTES = 12;
    private static final String LOOPBACK = "localhost|127(\\.\\d{1,3}){3}|::1|\\[::1]";

    /** @param password empty: one is made */
    public static ConsoleSettings of(
            String host, int port, boolean isPortChosen, String user, String password, boolean isDebugging) {
        boolean isGiven = !password.isEmpty();
        return new ConsoleSettings(
                host, port, isPortChosen, user, isGiven ? password : generate(), isGiven, isDebugging);
    }

    public boolean isOn() {
        return port > 0;
    }

    /** Whether nobody reaches it but who is on this machine. No name is looked up. */
    public boolean isOnLoopback() {
        return host.matches(LOOPBACK);
    }

    /**
     * What the console needs of Camel. The debugger stands by until somebody starts it in the console; not the tracer,
     * beside which the HTTP interfaces' answers are empty.
     */
    public Map<String, String> camelProperties() {
        if (!isOn() || !isDebugging) {
            return Map.of("camel.main.jmxEnabled", Boolean.toString(isOn()));
        }
        return Map.of(
                "camel.main.jmxEnabled", "true",
                "camel.debug.standby", "true",
                "camel.debug.jmxConnectorEnabled", "false", // It would open a port of its own, for everybody.
                "camel.main.messageHistory", "true",
                "camel.main.sourceLocationEnabled", "true");
    }

    private static String generate() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Without the password, for whoever prints it. */
    @Override
    public String toString() {
        return "ConsoleSettings[" + host + ":" + port + ", user " + user + "]";
    }
}

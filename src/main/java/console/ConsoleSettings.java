package console;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Where the console is, and who may enter.
 *
 * @param port 0: there is none
 * @param isPortChosen whether somebody asked for this port, so that one that is taken is a mistake
 * @param password in clear, never empty
 * @param isPasswordGiven whether somebody set it; or else it was made for this start
 */
public record ConsoleSettings(
        String host, int port, boolean isPortChosen, String user, String password, boolean isPasswordGiven) {
    private static final int PASSWORD_BYTES = 12;

    /** @param password empty: one is made */
    public static ConsoleSettings of(String host, int port, boolean isPortChosen, String user, String password) {
        boolean isGiven = !password.isEmpty();
        return new ConsoleSettings(host, port, isPortChosen, user, isGiven ? password : generate(), isGiven);
    }

    public boolean isOn() {
        return port > 0;
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

package operations;

import console.ConsoleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where the console's password is that was made for a start, when nobody reads what the relay prints: a file that only its
 * owner can read.
 */
final class ConsolePassword {
    private ConsolePassword() {}

    /** @return where it is, in words */
    static String keep(ConsoleSettings console, Path dataDir) {
        if (!console.isOn() || console.isPasswordGiven()) {
            return "";
        }
        Path file = dataDir.resolve("console-password");
        try {
            Path draft = Files.createTempFile(dataDir, "console-password", ".new", OwnerOnly.file(dataDir));
            Files.writeString(draft, console.password() + "\n");
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
            return "password of this start in " + file;
        } catch (IOException e) {
            return "with a password that cannot be written to " + file + ": set RELAY_CONSOLE_PASSWORD";
        }
    }
}

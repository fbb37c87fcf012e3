package chaos;

import java.time.Duration;
import java.time.Instant;

/** What is said while rows run. */
final class Console {
    private static final Instant START = Instant.now();

    private Console() {}

    static synchronized void say(String row, String text) {
        long seconds = Duration.between(START, Instant.now()).toSeconds();
        System.out.printf("%3d:%02d  %-24s %s%n", seconds / 60, seconds % 60, row, text);
    }
}

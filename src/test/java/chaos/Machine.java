package chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What the table was made on. */
public final class Machine {
    private static final double KIBIBYTES_PER_GIB = 1024 * 1024;

    private Machine() {}

    public static String describe() {
        return "%s, %d cores for all of it (relays, database, broker, load), %s memory, Java %s, %s %s"
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        memory(),
                        System.getProperty("java.version"),
                        System.getProperty("os.name"),
                        System.getProperty("os.version").replaceFirst("^([0-9.]+).*", "$1"));
    }

    private static String memory() {
        try {
            String total = Files.readAllLines(Path.of("/proc/meminfo")).get(0);
            return "%.0f GiB".formatted(Long.parseLong(total.replaceAll("\\D", "")) / KIBIBYTES_PER_GIB);
        } catch (IOException e) {
            return "unknown";
        }
    }
}

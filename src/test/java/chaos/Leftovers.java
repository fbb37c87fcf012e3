package chaos;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ends what is open when the harness is told to end: no process, no mount stays behind. */
final class Leftovers {
    private static final Set<Stage> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(Stage::close)));
    }

    private Leftovers() {}

    static void closeAtExit(Stage stage) {
        OPEN.add(stage);
    }

    static void isClosed(Stage stage) {
        OPEN.remove(stage);
    }
}

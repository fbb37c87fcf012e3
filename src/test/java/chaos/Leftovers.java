package chaos;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ends what is open when the harness is told to end: no process, no mount stays behind. */
final class Leftovers {
    private static final Set<Stage> OPEN = ConcurrentHashMap.newKeySet();

    private static volatile boolean isEnding;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            isEnding = true;
            OPEN.forEach(Stage::close);
        }));
    }

    private Leftovers() {}

    /** @throws IllegalStateException when the end has begun, so that nothing new is started */
    static void closeAtExit(Stage stage) {
        if (isEnding) {
            throw new IllegalStateException("the harness is ending");
        }
        OPEN.add(stage);
    }

    static void isClosed(Stage stage) {
        OPEN.remove(stage);
    }
}

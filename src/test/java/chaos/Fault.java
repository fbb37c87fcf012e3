package chaos;

import java.nio.file.Path;

/**
 * One row of the table.
 *
 * @param name for {@code --only}
 * @param description what is done, in the words of the promise
 * @param setting what it is done to
 * @param script how it is done
 * @param isQuick whether its short form is part of {@code --quick}
 */
record Fault(String name, String description, Setting setting, Script script, boolean isQuick) {
    Fault(String name, String description, Setting setting, Script script) {
        this(name, description, setting, script, true);
    }

    /** The same, but too slow for {@code --quick}, such as one that waits for a time-out of half a minute. */
    Fault slow() {
        return new Fault(name, description, setting, script, false);
    }

    /** Makes the processes of a row. One that is the same object for several rows may be shared by them. */
    interface Setting {
        Stage open(Path directory, Sabotage sabotage) throws Exception;
    }

    /** Drives the load, does the harm, says what must hold. */
    interface Script {
        void play(Drill drill) throws Exception;
    }
}

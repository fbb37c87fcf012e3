package chaos;

import java.nio.file.Path;

/**
 * One row of the table.
 *
 * @param name for {@code --only}
 * @param description what is done, in the words of the promise
 * @param setting what it is done to
 * @param script how it is done
 */
record Fault(String name, String description, Setting setting, Script script) {

    /** Makes the processes of a row. One that is the same object for several rows may be shared by them. */
    interface Setting {
        Stage open(Path directory, Sabotage sabotage) throws Exception;
    }

    /** Drives the load, does the harm, says what must hold. */
    interface Script {
        void play(Drill drill) throws Exception;
    }
}

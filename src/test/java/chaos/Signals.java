package chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Signals to a process and everything that it started. */
final class Signals {
    private Signals() {}

    /** @param signal such as KILL, STOP, CONT */
    static void send(String signal, ProcessHandle process) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-s", signal));
        Stream.concat(Stream.of(process), process.descendants())
                .map(one -> Long.toString(one.pid()))
                .forEach(command::add);
        // Some may have ended by themselves in the meantime, so the status says nothing.
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}

package bench;

import java.time.Duration;
import java.util.stream.Stream;

/** The processor time of a process and of those that it started. */
final class Cpu {
    private final ProcessHandle process;
    private final Duration before;

    private Cpu(ProcessHandle process) {
        this.process = process;
        this.before = now(process);
    }

    static Cpu of(long pid) {
        return new Cpu(ProcessHandle.of(pid).orElseThrow());
    }

    /** @return seconds since this was made; what has ended meanwhile is not in it */
    double seconds() {
        return now(process).minus(before).toNanos() / 1e9;
    }

    private static Duration now(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }
}

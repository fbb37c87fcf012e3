package chaos;

import java.time.Duration;
import operations.RelayProcess;

/** The relay itself is killed or told to end. */
final class RelayFaults {
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofMinutes(4);
    private static final double LONGEST_EXIT_SECONDS = 30;

    private RelayFaults() {}

    /** One relay, or each of two in turn; never both at once. */
    static void kill(Drill drill) throws Exception {
        drill.load(200);
        int times = drill.scale().times(50, 2);
        for (int number = 1; number <= times; number++) {
            RelayProcess relay = turn(drill, number);
            Window kill = drill.fault(
                    "kill -9 of the relay, %d of %d".formatted(number, times),
                    relay::kill,
                    Duration.ZERO,
                    relay::launch);
            relay.awaitReady();
            drill.recovered(kill, RECOVERY);
            // Not always at the same moment of what the relay does every second.
            drill.quiet(Duration.ofMillis(300 + 70L * (number % 10)));
        }
        drill.settle(END);
        drill.note("answers %s", drill.sender().answers().describe());
    }

    /** As a host that hangs, or one that is cut off: its connections stay open, and with them its transactions. */
    static void freeze(Drill drill) throws Exception {
        drill.load(200);
        drill.quiet(drill.scale().seconds(30, 2));
        ProcessHandle relay = ProcessHandle.of(drill.stage().relay().pid()).orElseThrow();
        Window frozen = drill.fault(
                "SIGSTOP of a relay",
                () -> Signals.send("STOP", relay),
                drill.scale().seconds(120, 4),
                () -> Signals.send("CONT", relay));
        drill.recovered(frozen, END);
        drill.settle(END);
        drill.note("answers %s", drill.intake(frozen).describe());
    }

    static void terminate(Drill drill) throws Exception {
        drill.load(200);
        int times = drill.scale().times(50, 1);
        double slowest = 0;
        for (int number = 1; number <= times; number++) {
            slowest = Math.max(slowest, terminateOnce(drill, drill.stage().relay(), number + " of " + times));
        }
        drill.settle(END);
        drill.note("slowest exit %.1f s", slowest);
    }

    /** Each relay in turn ends and comes back, while the other one works on. */
    static void restartInTurn(Drill drill) throws Exception {
        drill.load(200);
        int rounds = drill.scale().times(10, 1);
        double slowest = 0;
        for (int round = 1; round <= rounds; round++) {
            for (RelayProcess relay : drill.stage().relays()) {
                slowest = Math.max(slowest, terminateOnce(drill, relay, "round %d of %d".formatted(round, rounds)));
            }
        }
        drill.settle(END);
        drill.note(
                "slowest exit %.1f s; answers %s",
                slowest, drill.sender().answers().describe());
    }

    /** @return seconds until it had ended */
    private static double terminateOnce(Drill drill, RelayProcess relay, String which) throws Exception {
        int[] status = new int[1];
        long begin = System.nanoTime();
        Window end =
                drill.fault("SIGTERM, " + which, () -> status[0] = relay.terminate(), Duration.ZERO, relay::launch);
        drill.promise(status[0] == 0, "exit status %d after SIGTERM".formatted(status[0]));
        double seconds = (end.from() - begin) / 1e9;
        drill.promise(seconds <= LONGEST_EXIT_SECONDS, "took %.1f s to end".formatted(seconds));
        relay.awaitReady();
        drill.recovered(end, RECOVERY);
        return seconds;
    }

    private static RelayProcess turn(Drill drill, int number) {
        return drill.stage().relays().get(number % drill.stage().relays().size());
    }
}

package chaos;

import java.time.Duration;
import java.util.Set;

/** The broker outside dies, hands over to its backup, or is away for a while. The intake does not need it. */
final class BrokerFaults {
    private static final Duration RECOVERY = Duration.ofSeconds(90);
    private static final Duration END = Duration.ofMinutes(4);
    private static final double DRAINED_SECONDS = 60;

    private BrokerFaults() {}

    static void kill(Drill drill) throws Exception {
        drill.load(200);
        long start = System.nanoTime();
        int times = drill.scale().times(20, 1);
        for (int number = 1; number <= times; number++) {
            BrokerProcess broker = drill.stage().broker();
            Window kill = drill.fault(
                    "kill -9 of the broker, %d of %d".formatted(number, times),
                    broker::kill,
                    Duration.ZERO,
                    broker::start);
            drill.recovered(kill, RECOVERY);
            drill.quiet(Duration.ofMillis(300 + 70L * (number % 10)));
        }
        accepting(drill, new Window(start, System.nanoTime()));
        drill.settle(END);
    }

    /** The backup takes over; the primary comes back and takes over again, as Artemis has it by default. */
    static void failOver(Drill drill) throws Exception {
        drill.load(200);
        long start = System.nanoTime();
        int times = drill.scale().times(5, 1);
        for (int number = 1; number <= times; number++) {
            BrokerProcess primary = drill.stage().broker();
            Window kill = drill.fault(
                    "kill -9 of the primary broker, %d of %d".formatted(number, times),
                    primary::kill,
                    Duration.ZERO,
                    () -> {});
            drill.recovered(kill, RECOVERY);
            Window back = drill.fault("the primary comes back", () -> {}, Duration.ZERO, primary::start);
            drill.recovered(back, RECOVERY);
        }
        accepting(drill, new Window(start, System.nanoTime()));
        drill.settle(END);
    }

    static void away(Drill drill) throws Exception {
        drill.load(200);
        Window normal = drill.quiet(drill.scale().seconds(60, 3));
        BrokerProcess broker = drill.stage().broker();
        Duration lasting = drill.scale().seconds(60, 4);
        Window away = drill.fault(
                "the broker is away for %d s".formatted(lasting.toSeconds()), broker::kill, lasting, broker::start);
        double drained = drill.recovered(away, Duration.ofMinutes(5));
        drill.promise(drained <= DRAINED_SECONDS, "took %.0f s to drain".formatted(drained));
        Latency.compare(drill, normal, away).promiseLessThan(2);
        accepting(drill, away);
        drill.settle(END);
    }

    private static void accepting(Drill drill, Window window) {
        Answers answers = drill.intake(window);
        drill.promise(answers.statuses().keySet().equals(Set.of(202)), "intake answered " + answers.describe());
        drill.note("intake answered %s", answers.describe());
    }
}

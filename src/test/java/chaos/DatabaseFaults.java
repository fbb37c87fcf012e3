package chaos;

import java.time.Duration;
import java.util.Set;

/** PostgreSQL is stopped, killed or frozen. Nothing can be recorded, so nothing may be accepted. */
final class DatabaseFaults {
    private static final Duration RECOVERY = Duration.ofMinutes(3);
    private static final Duration END = Duration.ofMinutes(5);
    /** The relay's own request time-out is 8 s, the plugin waits for 10. */
    private static final double LONGEST_ANSWER_MILLIS = 10_000;
    /** What was under way when the database went may have been recorded. */
    private static final Duration UNDER_WAY = Duration.ofMillis(200);

    private DatabaseFaults() {}

    static void away(Drill drill) throws Exception {
        PostgresProcess database = drill.stage().database();
        drill.load(200);
        Duration lasting = drill.scale().seconds(60, 5);
        Window away = drill.fault(
                "PostgreSQL is away for %d s".formatted(lasting.toSeconds()), database::stop, lasting, database::start);
        drill.recovered(away, RECOVERY);
        Window down = new Window(away.from() + UNDER_WAY.toNanos(), away.to());
        Answers answers = drill.sender().answers().givenIn(down);
        drill.note("meanwhile %s", answers.describe());
        onlyUnavailable(drill, answers);
        inTime(drill, drill.intake(away));
        drill.settle(END);
    }

    /** Killed and stopped in turn, and started again at once. */
    static void restart(Drill drill) throws Exception {
        PostgresProcess database = drill.stage().database();
        drill.load(200);
        long start = System.nanoTime();
        int times = drill.scale().times(10, 1);
        for (int number = 1; number <= times; number++) {
            boolean isKilled = number % 2 == 1;
            Window restart = drill.fault(
                    "PostgreSQL is %s, %d of %d".formatted(isKilled ? "killed" : "stopped", number, times),
                    isKilled ? database::kill : database::stop,
                    Duration.ZERO,
                    database::start);
            drill.recovered(restart, RECOVERY);
        }
        Answers answers = drill.intake(new Window(start, System.nanoTime()));
        drill.note("answers %s", answers.describe());
        onlyUnavailable(drill, answers.matching(answer -> answer.status() != 202));
        drill.settle(END);
    }

    static void frozen(Drill drill) throws Exception {
        PostgresProcess database = drill.stage().database();
        drill.load(200);
        Duration lasting = drill.scale().seconds(30, 5);
        Window frozen = drill.fault(
                "PostgreSQL is frozen for %d s".formatted(lasting.toSeconds()),
                database::freeze,
                lasting,
                database::thaw);
        drill.recovered(frozen, RECOVERY);
        drill.settle(END);
        Answers answers = drill.intake(frozen);
        drill.note("what was due meanwhile got %s", answers.describe());
        inTime(drill, answers);
    }

    private static void inTime(Drill drill, Answers answers) {
        double slowest = answers.millis().max();
        drill.note("the slowest answer took %.1f s", slowest / 1000);
        drill.promise(answers.count() > 0, "nobody asked meanwhile");
        drill.promise(!answers.statuses().containsKey(Answers.NONE), "requests without an answer");
        drill.promise(slowest <= LONGEST_ANSWER_MILLIS, "an answer took %.1f s".formatted(slowest / 1000));
    }

    private static void onlyUnavailable(Drill drill, Answers answers) {
        drill.promise(answers.count() > 0, "nobody asked meanwhile");
        drill.promise(Set.of(503).containsAll(answers.statuses().keySet()), "not only 503 but " + answers.describe());
        int bare = answers.matching(answer -> answer.status() == 503 && !answer.hasRetryAfter())
                .count();
        drill.promise(bare == 0, bare + " times 503 without Retry-After");
    }
}

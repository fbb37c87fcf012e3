package chaos;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One event in a hundred can never be applied. Blocks with and without poison take turns, so that a machine that gets
 * slower in the meantime does not decide.
 */
final class Poison {
    private static final Duration END = Duration.ofMinutes(4);
    private static final int POISON_EVERY = 100;
    private static final double PERCENT = 99;
    private static final double MOST = 1.1;

    private Poison() {}

    static void play(Drill drill) throws Exception {
        drill.allowDeadLetters();
        int most = drill.scale().times(100, 1);
        Duration block = drill.scale().seconds(5, 4);
        Set<Long> poisoned = ConcurrentHashMap.newKeySet();
        drill.load(200);
        Delays clean = new Delays(drill, poisoned);
        Delays mixed = new Delays(drill, poisoned);
        while (poisoned.size() < most) {
            clean.add(drill.quiet(block));
            drill.events().markEvery(POISON_EVERY, target -> {
                poisoned.add(target);
                drill.stage().receiver().poison(target);
            });
            mixed.add(drill.quiet(block));
            drill.events().markNone();
        }
        drill.findings().times(poisoned.size());
        drill.say(poisoned.size() + " poisoned events are among them");
        drill.settle(END);
        judge(drill, poisoned, clean.percentiles(), mixed.percentiles());
    }

    private static void judge(Drill drill, Set<Long> poisoned, Percentiles clean, Percentiles mixed) {
        List<String> dead = drill.findings().verdict().dead();
        drill.note("%d dead letters %s among %d events", dead.size(), Reasons.count(dead), mixed.count() + dead.size());
        drill.promise(dead.size() == poisoned.size(), poisoned.size() + " poisoned, " + dead.size() + " dead letters");
        double before = clean.at(PERCENT);
        double during = mixed.at(PERCENT);
        drill.note("from 202 to effect p99 %.1f ms, without poison %.1f ms", during, before);
        drill.promise(
                during <= MOST * before || !drill.scale().judgesLatency(),
                "the others' p99 %.1f ms, without poison %.1f ms".formatted(during, before));
    }
}

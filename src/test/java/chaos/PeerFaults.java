package chaos;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Those that the relay talks to are ill: the AI's server, WordPress. */
final class PeerFaults {
    /** Past the last of the retry delays. */
    private static final Duration END = Duration.ofMinutes(6);

    private PeerFaults() {}

    /** In all its ways for ten minutes in all; in quick form in the one that no circuit breaker remembers. */
    static void ai(Drill drill) throws Exception {
        List<AiServer.Mode> ways = drill.scale().isQuick()
                ? List.of(AiServer.Mode.BROKEN_JSON)
                : List.of(
                        AiServer.Mode.BROKEN_JSON,
                        AiServer.Mode.BUSY_429,
                        AiServer.Mode.ERROR_500,
                        AiServer.Mode.SILENT);
        drill.allowDeadLetters();
        drill.load(50);
        Window normal = drill.quiet(drill.scale().seconds(60, 2));
        Window ill = null;
        for (AiServer.Mode way : ways) {
            Window part = lasting(drill, "the AI: " + way, drill.scale().seconds(150, 4), () -> drill.stage()
                    .ai()
                    .mode(way));
            ill = new Window(ill == null ? part.from() : ill.from(), part.to());
        }
        drill.stage().ai().mode(AiServer.Mode.OK);
        Latency.compare(drill, normal, ill).promiseLessThan(2);
        end(drill, ill);
    }

    static Fault.Script wordPress(Receiver.Mode mode) {
        return drill -> {
            drill.allowDeadLetters();
            drill.load(50);
            Window normal = drill.quiet(drill.scale().seconds(60, 2));
            Window ill = lasting(drill, "WordPress: " + mode, drill.scale().seconds(60, 4), () -> drill.stage()
                    .receiver()
                    .mode(mode));
            drill.stage().receiver().mode(Receiver.Mode.OK);
            Latency.compare(drill, normal, ill);
            end(drill, ill);
        };
    }

    private static Window lasting(Drill drill, String what, Duration lasting, Drill.Step begin) throws Exception {
        return drill.fault("%s for %d s".formatted(what, lasting.toSeconds()), begin, lasting, () -> {});
    }

    private static void end(Drill drill, Window ill) throws Exception {
        Answers answers = drill.intake(ill);
        drill.promise(answers.statuses().keySet().equals(Set.of(202)), "intake answered " + answers.describe());
        drill.recovered(ill, END);
        drill.settle(END);
        Map<String, Long> reasons = Reasons.count(drill.findings().verdict().dead());
        if (!reasons.isEmpty()) {
            drill.note("%d dead letters %s", drill.findings().verdict().dead().size(), reasons);
        }
    }
}

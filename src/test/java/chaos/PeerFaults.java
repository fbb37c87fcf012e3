package chaos;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Those that the relay talks to are ill: the AI's server, WordPress. */
final class PeerFaults {
    /** Past the last of the retry delays. */
    private static final Duration END = Duration.ofMinutes(6);

    private PeerFaults() {}

    static Fault.Script ai(AiServer.Mode mode) {
        return drill -> {
            drill.allowDeadLetters();
            ill(
                    drill,
                    "the AI: " + mode,
                    drill.scale().seconds(600, 4),
                    () -> drill.stage().ai().mode(mode),
                    () -> drill.stage().ai().mode(AiServer.Mode.OK));
        };
    }

    static Fault.Script wordPress(Receiver.Mode mode) {
        return drill -> {
            drill.allowDeadLetters();
            ill(
                    drill,
                    "WordPress: " + mode,
                    drill.scale().seconds(60, 4),
                    () -> drill.stage().receiver().mode(mode),
                    () -> drill.stage().receiver().mode(Receiver.Mode.OK));
        };
    }

    private static void ill(Drill drill, String what, Duration lasting, Drill.Step begin, Drill.Step end)
            throws Exception {
        drill.load(50);
        Window normal = drill.quiet(drill.scale().seconds(60, 2));
        Window ill = drill.fault("%s for %d s".formatted(what, lasting.toSeconds()), begin, lasting, end);
        Latency.compare(drill, normal, ill, 2);
        Answers answers = drill.intake(ill);
        drill.promise(answers.statuses().keySet().equals(Set.of(202)), "intake answered " + answers.describe());
        drill.recovered(ill, END);
        drill.settle(END);
        Map<String, Long> reasons = Reasons.count(drill.findings().verdict().dead());
        if (reasons.isEmpty()) {
            return;
        }
        drill.note("%d dead letters %s", drill.findings().verdict().dead().size(), reasons);
    }
}

package chaos;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a row found out: figures for the table, and what did not hold. */
final class Findings {
    private static final int BROKEN_SHOWN = 3;

    private final Fault fault;
    private final List<Double> recoveries = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private Verdict verdict = new Verdict(0, List.of(), List.of(), List.of());
    private String under = "";
    private int times;

    Findings(Fault fault) {
        this.fault = fault;
    }

    void promise(boolean isKept, String otherwise) {
        if (!isKept) {
            broken.add(otherwise);
            Console.say(fault.name(), "BROKEN: " + otherwise);
        }
    }

    private void promiseNone(List<String> flaws, String what) {
        List<String> some = flaws.stream().limit(BROKEN_SHOWN).toList();
        promise(flaws.isEmpty(), flaws.size() + " " + what + ", such as " + some);
    }

    /** A figure for the table. */
    void note(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        seen.add(text);
        Console.say(fault.name(), text);
    }

    /** @param mayDie whether a dead letter with a reason is a proper end */
    void settle(Verdict settled, boolean mayDie) {
        verdict = settled;
        promise(verdict.acknowledged() > 0, "nothing was acknowledged, so nothing is shown");
        promiseNone(verdict.lost(), "lost");
        promiseNone(verdict.doubled(), "doubled");
        if (!mayDie) {
            promiseNone(verdict.dead(), "dead letters that nobody wanted");
        }
    }

    Verdict verdict() {
        return verdict;
    }

    void recovered(double seconds) {
        recoveries.add(seconds);
    }

    void under(String load) {
        under = load;
    }

    int times() {
        return times;
    }

    void times(int number) {
        times = number;
    }

    Row row() {
        Percentiles seconds = new Percentiles(recoveries);
        String recovery =
                recoveries.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f / %.1f", seconds.median(), seconds.max());
        return new Row(
                fault.name(),
                fault.description(),
                under,
                times,
                verdict,
                recovery,
                String.join("; ", seen),
                List.copyOf(broken),
                Instant.now());
    }
}

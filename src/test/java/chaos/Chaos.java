package chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Injects faults into real relays under load and shows whether what was acknowledged happens, and happens once. */
@Command(
        name = "bin/chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Injects faults into real relays under load, keeps a ledger of every 202, and shows whether each"
                + " acknowledged event had its effect, once. Without options it runs the whole table, for hours.")
public final class Chaos implements Callable<Integer> {
    @Option(names = "--quick", description = "Most rows, in a short form; under 3 minutes.")
    private boolean isQuick;

    @Option(names = "--only", split = ",", description = "These rows only; broker also means broker-kill and so on.")
    private List<String> only = List.of();

    @Option(
            names = "--rate",
            defaultValue = "1000",
            description = "Events a second that no row goes beyond. Default: as many as the row asks for.")
    private double mostRate;

    @Option(names = "--list", description = "Says which rows there are.")
    private boolean isList;

    @Option(names = "--report", description = "A Markdown file to put the table into; other rows in it stay.")
    private Path report;

    @Option(
            names = "--sabotage",
            defaultValue = "NONE",
            description = "Breaks a promise on purpose, to see rows fail: ${COMPLETION-CANDIDATES}.")
    private Sabotage sabotage;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Chaos())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        List<Fault> all = Faults.all();
        List<Fault> chosen = all.stream().filter(this::isChosen).toList();
        if (isList) {
            chosen.forEach(fault -> System.out.printf("%-24s %s%n", fault.name(), fault.description()));
            return 0;
        }
        if (chosen.isEmpty()) {
            System.err.println("No row is named so; --list says which there are.");
            return 64; // EX_USAGE of sysexits.h
        }
        System.out.println(Machine.describe());
        List<String> order = all.stream().map(Fault::name).toList();
        List<Row> rows = new ArrayList<>(new Runner(new Scale(isQuick, mostRate), sabotage).run(chosen));
        rows.sort(Comparator.comparing(row -> order.indexOf(row.name())));
        if (report != null) {
            Report.merge(report, Machine.describe(), rows, order);
        }
        return summary(rows) ? 0 : 1;
    }

    private boolean isChosen(Fault fault) {
        return only.isEmpty()
                ? fault.isQuick() || !isQuick
                : only.stream()
                        .anyMatch(name ->
                                fault.name().equals(name) || fault.name().startsWith(name + "-"));
    }

    private static boolean summary(List<Row> rows) {
        System.out.printf(
                "%n%-24s %-12s %6s %8s %6s %8s %14s  %s%n",
                "row", "under", "times", "acked", "lost", "doubled", "recovery s", "holds");
        for (Row row : rows) {
            Verdict verdict = row.verdict();
            System.out.printf(
                    "%-24s %-12s %6d %8d %6d %8d %14s  %s%n",
                    row.name(),
                    row.under(),
                    row.times(),
                    verdict.acknowledged(),
                    verdict.lost().size(),
                    verdict.doubled().size(),
                    row.recovery(),
                    row.isKept() ? (row.times() == 0 ? row.seen() : "yes") : "NO: " + String.join("; ", row.broken()));
        }
        return rows.stream().allMatch(Row::isKept);
    }
}

package chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs rows, one after the other, since they share the cores. In full each has its processes to itself; in quick form,
 * rows on the same setting share them. Directories of rows that held are removed; of the others they stay, with their logs.
 */
final class Runner {
    private static final Path HOME = Path.of("target", "chaos").toAbsolutePath();

    private final Scale scale;
    private final Sabotage sabotage;
    private final Duration longest;

    Runner(Scale scale, Sabotage sabotage) {
        this.scale = scale;
        this.sabotage = sabotage;
        this.longest = scale.isQuick() ? Duration.ofMinutes(3) : Duration.ofMinutes(90);
    }

    List<Row> run(List<Fault> faults) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (List<Fault> group : groups(faults)) {
            rows.addAll(together(group));
        }
        return rows;
    }

    private Collection<List<Fault>> groups(List<Fault> faults) {
        if (!scale.isQuick()) {
            return faults.stream().map(List::of).toList();
        }
        return faults.stream()
                .collect(Collectors.groupingBy(Fault::setting, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    /** Rows on one setting; after one that broke its promise the next gets new processes. */
    private List<Row> together(List<Fault> faults) throws IOException {
        List<Row> rows = new ArrayList<>();
        Stage stage = null;
        try {
            for (Fault fault : faults) {
                Path directory = HOME.resolve(fault.name());
                delete(directory);
                if (stage == null) {
                    stage = open(fault, directory, rows);
                }
                if (stage == null) {
                    continue;
                }
                Row row = play(fault, stage);
                rows.add(row);
                if (!row.isKept()) {
                    stage.close();
                    keep(stage.directory(), directory);
                    Console.say(fault.name(), "logs are in " + directory);
                    stage = null;
                }
            }
        } finally {
            if (stage != null) {
                stage.close();
                delete(stage.directory());
            }
        }
        return rows;
    }

    private Stage open(Fault fault, Path directory, List<Row> rows) {
        try {
            return fault.setting().open(directory, sabotage);
        } catch (Exception | AssertionError e) {
            rows.add(notRun(fault, e));
            return null;
        }
    }

    private Row play(Fault fault, Stage stage) {
        ExecutorService player = Executors.newSingleThreadExecutor();
        try (Drill drill = new Drill(fault, stage, scale)) {
            Future<?> script = player.submit(() -> {
                fault.script().play(drill);
                return null;
            });
            try {
                script.get(longest.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                drill.promise(false, "the script failed: " + e.getCause());
            } catch (TimeoutException e) {
                script.cancel(true);
                drill.promise(false, "not finished after " + longest.toMinutes() + " minutes");
            }
            return drill.row();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            player.shutdownNow();
        }
    }

    /** Fails, but for a quick row that takes root where nobody is root. */
    private Row notRun(Fault fault, Throwable reason) {
        Findings findings = new Findings(fault);
        findings.note("NOT RUN: %s", reason.getMessage());
        boolean isExcused = scale.isQuick() && reason instanceof SmallDisk.NotAllowed;
        findings.promise(isExcused, "NOT RUN: " + reason.getMessage());
        return findings.row();
    }

    /** Under the name of the row that failed, whatever row the processes were started for. */
    private static void keep(Path stage, Path directory) throws IOException {
        if (!stage.equals(directory)) {
            Files.move(stage, directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

package evaluation;

import chaos.MarkedBlock;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How good the AI's answers are, beside what simple rules would say. */
@Command(
        name = "bin/evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Has labelled comments, posts and leads answered by an AI provider, through the relay's own route,"
                        + " and prints Markdown tables of how good the answers are, beside two baselines. What a directory of"
                        + " data holds is told in src/test/resources/evaluation/README.md.")
public final class Evaluate implements Callable<Integer> {

    @Option(
            names = "--provider",
            split = ",",
            description =
                    "local, openai, or another with a route ask-NAME. Without it: local, and openai where AI_MODEL"
                            + " says which model (with AI_BASE_URL and AI_API_KEY, as for the relay).")
    private List<String> providers = new ArrayList<>();

    @Option(names = "--data", description = "A directory of labelled data in place of the project's own set.")
    private List<Path> data = List.of(Path.of("src/test/resources/evaluation"));

    @Option(
            names = "--limit",
            defaultValue = "0",
            description = "Of each file take so many at most, spread over it; a server may cost money.")
    private int limit;

    @Option(names = "--report", description = "A Markdown file in which the tables are put as well.")
    private Path report;

    @Spec
    private CommandSpec command;

    private final Map<String, String> environment = System.getenv();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Evaluate()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Report tables = new Report(new PrintWriter(System.out, true), limit);
        for (Path directory : data) {
            tables.baselines(read(directory));
        }
        for (String name : providers()) {
            ask(name, tables);
        }
        tables.print();
        if (report != null) {
            new MarkedBlock(report, "evaluate").write(tables.markdown());
        }
        return 0;
    }

    private List<String> providers() {
        if (!providers.isEmpty()) {
            return providers;
        }
        return environment.getOrDefault("AI_MODEL", "").isBlank() ? List.of("local") : List.of("local", "openai");
    }

    private Dataset read(Path directory) throws Exception {
        try {
            return Dataset.read(directory);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
    }

    private void ask(String name, Report tables) throws Exception {
        Path directory = Files.createTempDirectory("evaluate");
        try (RelayProvider provider = new RelayProvider(name, directory, environment)) {
            for (Path path : data) {
                tables.provider(name, provider, read(path));
            }
            tables.failures(name, provider.failures());
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }
}

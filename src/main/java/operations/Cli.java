package operations;

import java.io.PrintWriter;
import java.net.ConnectException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code bin/relay} for everything but {@code run}: a client of the relay's own HTTP interface. */
@Command(
        name = "bin/relay",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        description = "AI Relay carries events from WordPress to AI automations and brings the results back.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SendCommand.class,
            EventsCommand.class,
            ShowCommand.class,
            ReplayCommand.class,
            OverviewCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            UsageCommand.class,
            EraseCommand.class,
            KeygenCommand.class
        })
public final class Cli {
    private Cli() {}

    public static void main(String[] args) {
        CommandLine commandLine = commandLine();
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(explain(failure));
            return CommandLine.ExitCode.SOFTWARE;
        });
        if (args.length == 0) {
            commandLine.usage(new PrintWriter(System.err, true));
            System.exit(CommandLine.ExitCode.USAGE);
        }
        System.exit(commandLine.execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Cli());
        // Not in the annotation: every subcommand would inherit it.
        commandLine.getCommandSpec().usageMessage().footer("", "  run      Starts the relay in the foreground.");
        commandLine.setParameterExceptionHandler((wrong, arguments) -> refuse(wrong));
        return commandLine;
    }

    /** In two lines: what is wrong would be lost above all that a command takes. */
    private static int refuse(CommandLine.ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(wrong.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err)) {
            err.println(command.getCommandSpec().qualifiedName() + " --help says what it takes.");
        }
        return CommandLine.ExitCode.USAGE;
    }

    private static String explain(Exception failure) {
        if (failure instanceof ConnectException) {
            return "The relay does not answer. Start it with: bin/relay run";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}

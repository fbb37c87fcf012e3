package operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CliTest {
    private final CommandLine cli = Cli.commandLine();

    @Test
    void help_names_every_command_and_run() {
        String help = cli.getUsageMessage();
        cli.getSubcommands().keySet().forEach(command -> assertTrue(help.contains("  " + command + " "), command));
        assertTrue(help.contains("Starts the relay in the foreground"), help);
    }

    @Test
    void each_command_has_help_of_its_own_and_nothing_of_others_in_it() {
        cli.getSubcommands().forEach((name, command) -> {
            String help = command.getUsageMessage();
            assertTrue(help.startsWith("Usage: bin/relay " + name + " [-hV]"), help);
            assertFalse(help.contains("in the foreground"), help);
            assertEquals(0, Cli.commandLine().execute(name, "--help"), name);
        });
    }
}

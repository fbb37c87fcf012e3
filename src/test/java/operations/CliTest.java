package operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CliTest {
    private final CommandLine cli = Cli.commandLine();

    @Test
    void help_names_every_command_and_run() {
        String help = cli.getUsageMessage();
        cli.getSubcommands().keySet().forEach(command -> assertTrue(help.contains("  " + command + " "), command));
        assertTrue(help.contains("Starts the relay in the foreground"), help);
    }

    @ParameterizedTest
    @ValueSource(strings = {"events --since gestern", "replay", "show", "events --sinse 1h", "evnts"})
    void what_cannot_be_understood_is_said_and_not_drowned_in_all_that_there_is(String arguments) {
        StringWriter said = new StringWriter();
        cli.setErr(new PrintWriter(said));
        assertEquals(CommandLine.ExitCode.USAGE, cli.execute(arguments.split(" ")));
        String text = said.toString();
        assertTrue(text.lines().count() <= 2, text);
        assertTrue(text.contains("--help says") || text.contains("Did you mean") || text.contains("Possible"), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "404 | {'error':'not found','details':[{'field':'site','problem':'is not known'}]} | site is not known",
                "404 | {'error':'not found'} | POST /sites/x/pause: not found",
                "409 | {'error':'only dead events are replayed'} | only dead events are replayed",
                "401 | {'error':'unauthorized'} | The relay wants its RELAY_ADMIN_TOKEN, which has to be the same here",
                "503 | {'error':'unavailable'} | The relay cannot tell now: mostly, its database is away. Its log says more",
                "405 | {} | POST /sites/x/pause: answered 405"
            })
    void an_answer_of_the_relay_is_said_in_words(int status, String body, String said) throws Exception {
        JsonNode answered = new ObjectMapper().readTree(body.replace('\'', '"'));
        assertEquals(said, ManagementClient.words("POST /sites/x/pause", status, answered));
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

package operations;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "erase",
        description =
                "Removes a person's data: payloads, results, answers of AIs, and errors. Keys, statuses and times stay,"
                        + " so that nothing is taken for new or worked on again. This cannot be undone.")
final class EraseCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Whose whose;

    @Option(names = "--site", description = "Only of this site.")
    private String site;

    @Option(names = "--dry-run", description = "Only says what would be erased.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    /** One of the two. */
    private static final class Whose {
        @Option(
                names = "--email-sha256",
                paramLabel = "HEX",
                description = "All events of the person with this e-mail address, trimmed and in lower case:"
                        + " printf '%%s' ada@example.org | sha256sum")
        private String emailSha256;

        @Option(names = "--key", paramLabel = "KEY", description = "The event with this idempotency key.")
        private String key;
    }

    @Override
    public Integer call() throws Exception {
        if (whose.emailSha256 != null && !whose.emailSha256.matches(QueryParameters.SHA256)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--email-sha256 should be 64 hexadecimal digits: printf '%s' ada@example.org | sha256sum");
        }
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("site", site);
        parameters.put("dry_run", dryRun ? true : null);
        parameters.put("email_sha256", whose.emailSha256);
        String path = whose.key == null ? "/events/erase" : "/events/" + ManagementClient.encode(whose.key) + "/erase";
        return erase(path, parameters) == 0 ? 0 : 1;
    }

    /** Page by page. @return how many events may be of the person as well */
    private int erase(String path, Map<String, Object> parameters) throws IOException, InterruptedException {
        ManagementClient client = new ManagementClient();
        int count = 0;
        int unknown = 0;
        String next = null;
        do {
            parameters.put("after", next);
            JsonNode batch = client.call("POST", path + ManagementClient.query(parameters));
            batch.path("events").forEach(this::print);
            count += batch.path("count").asInt();
            unknown += batch.path("unknown").asInt();
            next = batch.path("next").asText(null);
        } while (next != null);
        System.out.println(count + (count == 1 ? " event" : " events") + (dryRun ? " would be erased" : " erased"));
        if (unknown > 0) {
            System.err.println(
                    unknown + " more may be of this person: they have encrypted fields that do not open. Start the"
                            + " relay with the sender's key as RELAY_PII_KEY and erase again, or erase them by --key.");
        }
        return unknown;
    }

    private void print(JsonNode event) {
        System.out.printf(
                "%s%s  %s, %s: payload%s%s%s%n",
                dryRun ? "would be erased  " : "erased  ",
                event.path("key").asText(),
                event.path("event").asText(),
                event.path("status").asText(),
                event.path("has_result").asBoolean() ? ", result" : "",
                counted(event.path("answers").asInt(), "answer"),
                counted(event.path("errors").asInt(), "error"));
    }

    private static String counted(int count, String what) {
        return count == 0 ? "" : ", " + count + " " + what + (count == 1 ? "" : "s");
    }
}

package operations;

import com.fasterxml.jackson.databind.JsonNode;
import events.FailureReason;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        description = "Puts dead events back into the queue, by key or all that match the filters. Their keys stay, so"
                + " what they have done already is not done again.")
final class ReplayCommand implements Callable<Integer> {
    private static final int INDENT = 4;

    @Parameters(paramLabel = "KEY", arity = "0..*", description = "Idempotency keys.")
    private List<String> keys = new ArrayList<>();

    @Mixin
    private EventFilter filter;

    @Option(names = "--dry-run", description = "Only says what would be replayed.")
    private boolean dryRun;

    @Option(
            names = "--force",
            description = "Also a KEY or a --status that is not dead: done, or queued or processing and stuck there.")
    private boolean force;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (keys.isEmpty() && filter.isEmpty()) {
            throw usage("say which: one or more KEYs, or a filter");
        }
        if (!keys.isEmpty() && !filter.isEmptyButForSite()) {
            throw usage("give KEYs or filters, not both; only --site goes with KEYs");
        }
        ManagementClient client = new ManagementClient();
        if (keys.isEmpty()) {
            replayMatching(client);
            return 0;
        }
        List<String> replayed = new ArrayList<>();
        for (String key : keys) {
            if (replay(client, key)) {
                replayed.add(key);
            }
        }
        if (!replayed.isEmpty()) {
            sayWhereToLook(
                    replayed.size() == 1 ? "See what becomes of it" : "See what becomes of the last one",
                    "show" + filter.ofSite() + " " + EventFilter.quoted(replayed.get(replayed.size() - 1)));
        }
        return replayed.size() == keys.size() ? 0 : 1;
    }

    private CommandLine.ParameterException usage(String problem) {
        return new CommandLine.ParameterException(spec.commandLine(), problem);
    }

    /** Batch by batch, the oldest first; what fails again meanwhile is not replayed twice. */
    private void replayMatching(ManagementClient client) throws IOException, InterruptedException {
        Map<String, Object> parameters = filter.parameters();
        addOptions(parameters);
        int count = 0;
        String next = null;
        do {
            parameters.put("after", next);
            JsonNode batch = client.call("POST", "/events/replay" + ManagementClient.query(parameters));
            batch.path("events").forEach(this::print);
            count += batch.path("count").asInt();
            next = batch.path("next").asText(null);
        } while (next != null);
        System.out.println(count + (count == 1 ? " event" : " events") + (dryRun ? " would be replayed" : " replayed"));
        if (count > 0) {
            // Without the text: who fails again may do so for another reason.
            sayWhereToLook("See which fail again", "events --status error" + filter.withoutStatusAndText());
        }
    }

    private void sayWhereToLook(String what, String command) {
        if (!dryRun) {
            System.out.println(what + ":  bin/relay " + command);
        }
    }

    private boolean replay(ManagementClient client, String key) throws IOException, InterruptedException {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("site", filter.site());
        addOptions(parameters);
        String path = "/events/" + ManagementClient.encode(key) + "/replay";
        try {
            client.call("POST", path + ManagementClient.query(parameters));
            print(key);
            return true;
        } catch (ConnectException e) {
            throw e;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return false;
        }
    }

    private void addOptions(Map<String, Object> parameters) {
        parameters.put("force", force ? true : null);
        parameters.put("dry_run", dryRun ? true : null);
    }

    private void print(JsonNode event) {
        print(event.path("key").asText());
        if (dryRun) {
            String which = TerminalText.second(event.path("received_at").asText()) + "  "
                    + event.path("status").asText() + "  " + event.path("event").asText() + "  "
                    + event.path("site").asText();
            String error = FailureReason.headline(event.path("error").asText(""));
            System.out.println(TerminalText.line(error.isEmpty() ? which : which + "  " + error, INDENT));
        }
    }

    private void print(String key) {
        System.out.println((dryRun ? "would be replayed  " : "replayed  ") + key);
    }
}

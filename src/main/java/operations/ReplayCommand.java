package operations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "replay", description = "Puts dead events back into the queue: by key, or all that match the filters.")
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "KEY", arity = "0..*", description = "Idempotency keys.")
    private List<String> keys = new ArrayList<>();

    @Mixin
    private EventFilter filter;

    @Option(names = "--dry-run", description = "Only says what would be replayed.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (keys.isEmpty() && filter.isEmpty()) {
            throw new CommandLine.ParameterException(spec.commandLine(), "say which: one or more KEYs, or a filter");
        }
        ManagementClient client = new ManagementClient();
        if (keys.isEmpty()) {
            for (JsonNode event : filter.list(client)) {
                if (event.path("status").asText().equals("error")) {
                    keys.add(event.path("key").asText());
                }
            }
        }
        for (String key : keys) {
            if (!dryRun) {
                client.call("POST", "/events/" + ManagementClient.encode(key) + "/replay");
            }
            System.out.println((dryRun ? "would be replayed  " : "replayed  ") + key);
        }
        return 0;
    }
}

package operations;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
        if (!keys.isEmpty()) {
            boolean isClean = true;
            for (String key : keys) {
                isClean &= replay(client, key, filter.site());
            }
            return isClean ? 0 : 1;
        }
        return replayMatching(client) ? 0 : 1;
    }

    /** What is replayed is dead no more, so the next list holds others; what cannot be replayed comes again, and ends it. */
    private boolean replayMatching(ManagementClient client) throws IOException, InterruptedException {
        Set<String> seen = new HashSet<>();
        boolean isClean = true;
        boolean hasNew = true;
        while (hasNew) {
            hasNew = false;
            for (JsonNode event : filter.listDead(client)) {
                String key = event.path("key").asText();
                String site = event.path("site").asText();
                if (seen.add(site + "/" + key)) {
                    hasNew = true;
                    isClean &= replay(client, key, site);
                }
            }
        }
        return isClean;
    }

    private boolean replay(ManagementClient client, String key, String site) throws IOException, InterruptedException {
        String query = site == null ? "" : "?site=" + ManagementClient.encode(site);
        String path = "/events/" + ManagementClient.encode(key);
        try {
            if (dryRun) {
                String status = client.call("GET", path + query).path("status").asText();
                System.out.println((status.equals("error") ? "would be replayed  " : "is " + status + "  ") + key);
            } else {
                client.call("POST", path + "/replay" + query);
                System.out.println("replayed  " + key);
            }
            return true;
        } catch (ConnectException e) {
            throw e;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return false;
        }
    }
}

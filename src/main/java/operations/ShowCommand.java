package operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows one event: its status, its attempts and its result.")
final class ShowCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Parameters(paramLabel = "KEY", description = "The event's idempotency key.")
    private String key;

    @Option(names = "--site", description = "Whose event, when several sites use the key.")
    private String site;

    @Option(names = "--json", description = "Everything there is, as JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        String query = site == null ? "" : "?site=" + ManagementClient.encode(site);
        JsonNode event = new ManagementClient().call("GET", "/events/" + ManagementClient.encode(key) + query);
        if (json) {
            System.out.println(JSON.writeValueAsString(event));
            return 0;
        }
        for (String field : new String[] {"key", "event", "site", "status", "attempts", "received_at", "finished_at"}) {
            line(field.replace('_', ' '), event.path(field));
        }
        line("error", event.path("error"));
        line("WordPress", event.path("call_back"));
        event.path("history").forEach(ShowCommand::attempt);
        System.out.println("result       " + JSON.writeValueAsString(event.path("result")));
        return 0;
    }

    private static void line(String name, JsonNode value) {
        if (!value.isNull() && !value.isMissingNode()) {
            System.out.printf("%-12s %s%n", name, value.asText());
        }
    }

    private static void attempt(JsonNode attempt) {
        System.out.printf(
                "attempt %-4s %s, %s ms: %s %s%n",
                attempt.path("attempt").asText(),
                attempt.path("started_at").asText(),
                attempt.path("milliseconds").asText(),
                attempt.path("outcome").asText(),
                attempt.path("error").isNull() ? "" : attempt.path("error").asText());
    }
}

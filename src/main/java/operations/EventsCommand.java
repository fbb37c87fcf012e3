package operations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "events", description = "Lists the newest events.")
final class EventsCommand implements Callable<Integer> {
    @Mixin
    private EventFilter filter;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        JsonNode events = new ManagementClient()
                .call("GET", "/events" + ManagementClient.query(filter.parameters()))
                .path("events");
        if (json) {
            System.out.println(events.toPrettyString());
            return 0;
        }
        if (events.isEmpty()) {
            System.err.println("No event matches.");
        }
        for (JsonNode event : events) {
            System.out.printf(
                    "%-24.24s  %-10s %-16s %-40s %s%n",
                    event.path("received_at").asText(),
                    event.path("status").asText(),
                    event.path("event").asText(),
                    event.path("key").asText(),
                    event.path("erased_at").isNull()
                            ? event.path("error").asText("")
                            : "erased at " + event.path("erased_at").asText());
        }
        return 0;
    }
}

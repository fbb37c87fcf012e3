package operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import events.FailureReason;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "events", description = "Lists the newest events.")
final class EventsCommand implements Callable<Integer> {
    private static final int MOST_A_PAGE = 200;
    private static final int WHY_INDENT = 4;

    @Mixin
    private EventFilter filter;

    @Option(names = "--limit", defaultValue = "50", description = "How many at most; ${DEFAULT-VALUE} unless given.")
    private int limit;

    @Option(names = "--all", description = "However many they are.")
    private boolean all;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--limit must be at least 1");
        }
        if (json) {
            ArrayNode events = new ObjectMapper().createArrayNode();
            list(events::add);
            System.out.println(events.toPrettyString());
        } else if (list(EventsCommand::print) == 0) {
            System.err.println("No event matches.");
        }
        return 0;
    }

    /** Page by page, also where one has none since it only looked at a part of the events. */
    private int list(Consumer<JsonNode> output) throws IOException, InterruptedException {
        ManagementClient client = new ManagementClient();
        Map<String, Object> parameters = filter.parameters();
        int left = all ? Integer.MAX_VALUE : limit;
        int listed = 0;
        String next = null;
        do {
            parameters.put("limit", Math.min(left, MOST_A_PAGE));
            parameters.put("before", next);
            JsonNode page = client.call("GET", "/events" + ManagementClient.query(parameters));
            page.path("events").forEach(output);
            listed += page.path("events").size();
            left -= page.path("events").size();
            next = page.path("next").asText(null);
            if (next != null && left > 0 && page.has("searched_until")) {
                System.err.println(
                        "Looked back to " + page.path("searched_until").asText() + ", and goes on.");
            }
        } while (next != null && left > 0);
        if (next != null) {
            System.err.println("There may be more: --limit or --all");
        }
        return listed;
    }

    private static void print(JsonNode event) {
        System.out.println(lines(event, 0));
    }

    /** When it came, what it is and, below that, why it failed; within the width of a terminal, unless names are long. */
    static String lines(JsonNode event, int indent) {
        String line = " ".repeat(indent)
                + String.format(
                                "%-20s  %-10s  %-17s  %-44s  %s",
                                TerminalText.second(event.path("received_at").asText()),
                                event.path("status").asText(),
                                event.path("event").asText(),
                                event.path("key").asText(),
                                event.path("site").asText())
                        .stripTrailing();
        String why = event.path("erased_at").isTextual()
                ? "erased at " + event.path("erased_at").asText()
                : FailureReason.headline(event.path("error").asText(""));
        return why.isEmpty() || why.equals("null")
                ? line
                : line + System.lineSeparator() + TerminalText.line(why, indent + WHY_INDENT);
    }
}

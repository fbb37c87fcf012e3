package operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows one event: its status and reason, its attempts, its payload and its result.")
final class ShowCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Control characters that JSON does not escape by itself, and those that turn the direction of text around. */
    private static final Pattern STEERING =
            Pattern.compile("[\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    @Parameters(paramLabel = "KEY", description = "The event's idempotency key.")
    private String key;

    @Option(names = "--site", description = "Whose event, when several sites use the key.")
    private String site;

    @Option(names = "--json", description = "Everything there is, as JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("site", site);
        JsonNode event = new ManagementClient()
                .call("GET", "/events/" + ManagementClient.encode(key) + ManagementClient.query(parameters));
        if (json) {
            System.out.println(pretty(event));
            return 0;
        }
        for (String field :
                new String[] {"key", "event", "site", "status", "attempts", "received_at", "finished_at", "erased_at"
                }) {
            line(field.replace('_', ' '), event.path(field));
        }
        line("error", event.path("error"));
        waits(event.path("waits"));
        line("trace", event.path("trace_id"));
        line("WordPress", event.path("call_back"));
        batch(event.path("batch"));
        event.path("answers").forEach(ShowCommand::answer);
        if (event.path("usage").path("requests").asLong() > 0) {
            usage(event.path("usage"));
        }
        event.path("timeline").forEach(ShowCommand::moment);
        block("payload", event.path("payload"));
        block("result", event.path("result"));
        return 0;
    }

    private static void block(String name, JsonNode value) throws JsonProcessingException {
        if (!value.isNull()) {
            System.out.printf("%-12s %s%n", name, pretty(value));
        }
    }

    /** Still the same JSON, but nothing that somebody sent steers the operator's terminal. */
    private static String pretty(JsonNode value) throws JsonProcessingException {
        return STEERING.matcher(JSON.writeValueAsString(value))
                .replaceAll(
                        found -> String.format("\\\\u%04x", (int) found.group().charAt(0)));
    }

    private static void line(String name, JsonNode value) {
        if (!value.isNull() && !value.isMissingNode()) {
            System.out.printf("%-12s %s%n", name, value.asText());
        }
    }

    private static void answer(JsonNode answer) {
        System.out.printf(
                "%-12s %s, %s: %s%n",
                "AI",
                answer.path("provider").asText(),
                answer.path("model").asText(),
                answer.path("task").asText());
    }

    private static void usage(JsonNode usage) {
        System.out.printf(
                "%-12s %d request%s, %d tokens in, %d out, cost %s%n",
                "AI asked",
                usage.path("requests").asLong(),
                usage.path("requests").asLong() == 1 ? "" : "s",
                usage.path("tokens_in").asLong(),
                usage.path("tokens_out").asLong(),
                usage.path("cost").decimalValue().toPlainString());
    }

    private static void waits(JsonNode waits) {
        if (waits.isObject()) {
            String until = waits.path("until").isNull()
                    ? ""
                    : " until " + waits.path("until").asText();
            System.out.printf(
                    "%-12s %s%s: %s%n",
                    "waits",
                    waits.path("in").asText().equals("later")
                            ? "for a later try"
                            : "in the " + waits.path("in").asText(),
                    until,
                    waits.path("reason").asText(""));
        }
    }

    private static void batch(JsonNode batch) {
        if (batch.isObject()) {
            System.out.printf(
                    "%-12s %d done, %d failed, of %d%n",
                    "batch",
                    batch.path("done").asLong(),
                    batch.path("failed").asLong(),
                    batch.path("total").asLong());
            batch.path("failures")
                    .forEach(failure -> System.out.printf(
                            "%-12s %s: %s%n",
                            "",
                            failure.path("id").asText(),
                            failure.path("reason").asText("")));
        }
    }

    private static void moment(JsonNode moment) {
        System.out.printf(
                "%-27s  %-12s %s%n",
                moment.path("at").asText(),
                moment.path("what").asText(),
                moment.path("text").asText(""));
    }
}

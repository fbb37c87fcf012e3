package operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

    private static final int INDENT = 13;

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
        fields(event, "key", "event", "site", "status");
        long uncounted = event.path("uncounted").asLong();
        line("attempts", event.path("attempts").asText() + (uncounted == 0 ? "" : ", no try used up by " + uncounted));
        fields(event, "received_at", "finished_at", "erased_at");
        boolean isHeldBack = event.at("/waits/held_back").asBoolean();
        if (!isHeldBack) {
            line("error", event.path("error"));
        }
        waits(event, isHeldBack ? "" : event.path("error").asText());
        tries(event.path("tries"), event.path("status").asText().equals("processing"));
        line("trace", event.path("trace_id"));
        line("WordPress", event.path("call_back"));
        batch(event.path("batch"));
        event.path("answers").forEach(ShowCommand::answer);
        if (event.path("usage").path("requests").asLong() > 0) {
            usage(event.path("usage"));
        }
        System.out.println("what happened");
        Set<String> said = new HashSet<>(Set.of(event.path("error").asText("")));
        event.path("timeline").forEach(moment -> moment(moment, said));
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

    private static void fields(JsonNode event, String... names) {
        for (String name : names) {
            line(name.replace('_', ' '), event.path(name));
        }
    }

    private static void line(String name, JsonNode value) {
        if (!value.isNull() && !value.isMissingNode()) {
            line(name, value.asText());
        }
    }

    private static void line(String name, String value) {
        System.out.println(TerminalText.wrapped("%-12s ".formatted(name), value, INDENT));
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

    /** @param error that was said already, and is the reason for a later try */
    private static void waits(JsonNode event, String error) {
        JsonNode waits = event.path("waits");
        if (!waits.isObject()) {
            return;
        }
        String place = waits.path("in").asText().equals("later")
                ? "for a later try"
                : "in the " + waits.path("in").asText();
        if (waits.path("held_back").asBoolean()) {
            place = "held back, no try used up";
        }
        String until = waits.path("until").isNull()
                ? ""
                : " until " + TerminalText.millisecond(waits.path("until").asText());
        String reason = waits.path("reason").asText("");
        String resume = waits.at("/pause/by_hand").asBoolean()
                ? " (to go on at once: bin/relay resume " + event.path("site").asText() + ")"
                : "";
        System.out.println(TerminalText.wrapped(
                "%-12s ".formatted("waits"),
                place + until + (reason.isEmpty() || reason.equals(error) ? "" : ": " + reason) + resume,
                INDENT));
    }

    private static void tries(JsonNode tries, boolean isUnderWay) {
        if (!tries.isObject()) {
            return;
        }
        int number = tries.path("number").asInt();
        int most = tries.path("most").asInt();
        String end = "; if the last fails, it is a dead letter";
        if (number == most) {
            end = ", the last; if that fails, it is a dead letter";
        } else if (!tries.path("last_at").isNull()) {
            end = "; the last at " + TerminalText.second(tries.path("last_at").asText())
                    + " or later; if that fails, it is a dead letter";
        }
        line("tries", (isUnderWay ? "under way: " : "next: ") + number + " of " + most + end);
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
                    .forEach(failure -> System.out.println(TerminalText.wrapped(
                            " ".repeat(INDENT),
                            failure.path("id").asText() + ": "
                                    + failure.path("reason").asText(""),
                            INDENT)));
        }
    }

    /** @param said errors that need not be said again */
    private static void moment(JsonNode moment, Set<String> said) {
        String what = moment.path("what").asText();
        StringBuilder text = new StringBuilder(moment.path("text").asText(""));
        if (what.equals("attempt")) {
            what = "attempt " + moment.path("attempt").asText();
        }
        if (moment.has("milliseconds")) {
            text.append(", ").append(moment.path("milliseconds").asText()).append(" ms");
        }
        String error = moment.path("error").asText("");
        if (moment.path("error").isTextual()) {
            text.append(": ").append(said.add(error) ? error : "the same error");
        }
        String begin = "  %-24s  %-13s "
                .formatted(TerminalText.millisecond(moment.path("at").asText()), what);
        System.out.println(
                TerminalText.wrapped(begin, text.toString(), begin.length()).stripTrailing());
    }
}

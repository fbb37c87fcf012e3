package operations;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "overview",
        description =
                "Shows how it goes: what waits and for how long, what failed, and which site needs looking after.")
final class OverviewCommand implements Callable<Integer> {
    private static final int FAILED_SHOWN = 5;
    private static final int INDENT = 23;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    @Option(
            names = "--since",
            converter = PointInTime.class,
            defaultValue = "1h",
            description =
                    "Counts from the whole hour before then on, such as 2026-01-31T09:30:00Z or 24h; ${DEFAULT-VALUE} unless given.")
    private OffsetDateTime since;

    @Option(names = "--json", description = "Everything there is, as JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        ManagementClient client = new ManagementClient();
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("since", since);
        JsonNode overview = client.call("GET", "/overview" + ManagementClient.query(parameters));
        if (json) {
            System.out.println(overview.toPrettyString());
            return 0;
        }
        present(overview.path("now"));
        System.out.printf(
                "%-12s %s UTC, of all and of each site:%n",
                "since",
                overview.path("since")
                        .asText()
                        .replaceFirst("(T\\d\\d:\\d\\d).*", "$1")
                        .replace('T', ' '));
        past(overview.path("total"));
        System.out.println("sites");
        overview.path("sites").forEach(OverviewCommand::site);
        JsonNode failed =
                client.call("GET", "/events?status=error&limit=" + FAILED_SHOWN).path("events");
        if (!failed.isEmpty()) {
            System.out.println(
                    "dead letters, the newest events first: bin/relay show KEY says more, bin/relay replay KEY tries again");
            failed.forEach(event -> System.out.println(EventsCommand.lines(event, 2)));
        }
        return 0;
    }

    private static void present(JsonNode now) {
        System.out.printf("%-12s %s%n", "waiting", waiting(now.path("due"), "for its turn", "the oldest for %s"));
        System.out.printf(
                "%-12s %s%n", "", waiting(now.path("outbox"), "of those not yet in the queue", "the oldest for %s"));
        System.out.printf(
                "%-12s %s%n", "", waiting(now.path("later"), "for a later try", "the oldest received %s ago"));
        System.out.printf("%-12s %s%n", "", waiting(now.path("processing"), "being worked on", "the longest for %s"));
        System.out.printf(
                "%-12s %s%n", "dead", waiting(now.path("dead"), "that may be replayed", "the first failed %s ago"));
    }

    private static String waiting(JsonNode waiting, String what, String oldest) {
        long number = waiting.path("number").asLong();
        return number + " " + what
                + (number == 0
                        ? ""
                        : ", "
                                + oldest.formatted(
                                        age(waiting.path("oldest_seconds").asLong())));
    }

    private static void past(JsonNode total) {
        System.out.printf(
                "%-12s %d accepted, %d duplicate, %d rejected, %d put off; %d done, %d tried again, %d failed for good%n",
                "",
                total.path("accepted").asLong(),
                total.path("duplicate").asLong(),
                total.path("rejected").asLong(),
                total.path("put_off").asLong(),
                total.path("done").asLong(),
                total.path("retried").asLong(),
                total.path("failed").asLong());
        System.out.printf(
                "%-12s half of them answered within %s, 95 of 100 within %s; done within %s, 95 of 100 within %s%n",
                "",
                milliseconds(total.path("intake_p50_ms")),
                milliseconds(total.path("intake_p95_ms")),
                milliseconds(total.path("done_p50_ms")),
                milliseconds(total.path("done_p95_ms")));
    }

    private static String milliseconds(JsonNode value) {
        return value.isNumber() ? Math.round(Math.ceil(value.asDouble())) + " ms" : "-";
    }

    private static void site(JsonNode site) {
        StringBuilder words = new StringBuilder();
        JsonNode silent = site.path("silent_seconds");
        words.append(
                silent.isNull()
                        ? "never heard"
                        : (site.path("is_silent").asBoolean() ? "SILENT for " : "heard within ")
                                + age(Math.max(MINUTE, silent.asLong())));
        long missing = site.path("missing").asLong();
        if (missing > 0) {
            words.append(", ").append(missing).append(missing == 1 ? " event MISSING" : " events MISSING");
        }
        if (site.path("waiting_later").asLong() > 0) {
            words.append(site.path("done").asLong() == 0 ? ", NOTHING GETS DONE: " : ", ")
                    .append(site.path("waiting_later").asLong())
                    .append(" for a later try");
        }
        if (!site.path("paused_since").isNull()) {
            words.append(site.path("is_paused_by_hand").asBoolean() ? ", PAUSED by hand since " : ", PAUSED since ")
                    .append(site.path("paused_since").asText())
                    .append(
                            site.path("paused_until").isNull()
                                    ? ""
                                    : " until " + site.path("paused_until").asText())
                    .append(": ")
                    .append(site.path("paused_reason").asText());
        }
        String numbers = "; %d waiting, %d dead, %d accepted, %d done, %d failed"
                .formatted(
                        site.path("waiting").asLong(),
                        site.path("dead").asLong(),
                        site.path("accepted").asLong(),
                        site.path("done").asLong(),
                        site.path("failed").asLong());
        String begin = "  %-20s ".formatted(site.path("site").asText());
        System.out.println(TerminalText.wrapped(begin, words + numbers, INDENT));
    }

    /** In the largest unit that it has at least two of, or so. */
    static String age(long seconds) {
        Duration age = Duration.ofSeconds(seconds);
        if (seconds < 2 * MINUTE) {
            return seconds + " s";
        }
        if (seconds < 2 * HOUR) {
            return age.toMinutes() + " min";
        }
        return seconds < 2 * DAY ? age.toHours() + " h" : age.toDays() + " days";
    }
}

package operations;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "usage",
        description = "Shows what paid AI providers were asked, by day (UTC) and site: requests, tokens, the estimated"
                + " cost, and what is left of today's budget.")
final class UsageCommand implements Callable<Integer> {
    @Option(names = "--site", description = "Only of this site.")
    private String site;

    @Option(
            names = "--since",
            converter = PointInTime.class,
            description =
                    "From the day of this time on, such as 2026-01-31T09:30:00Z, or so long ago, such as 7d; without"
                            + " it, the last 30 days.")
    private OffsetDateTime since;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("site", site);
        parameters.put("since", since);
        JsonNode usage = new ManagementClient()
                .call("GET", "/usage" + ManagementClient.query(parameters))
                .path("usage");
        if (json) {
            System.out.println(usage.toPrettyString());
            return 0;
        }
        if (usage.isEmpty()) {
            System.err.println("No paid provider was asked.");
            return 0;
        }
        System.out.printf(
                "%-10s  %-24s %8s %12s %12s %12s %14s%n",
                "day", "site", "requests", "tokens in", "tokens out", "by visitors", "cost");
        usage.forEach(UsageCommand::print);
        return 0;
    }

    private static void print(JsonNode day) {
        System.out.printf(
                "%-10s  %-24s %8d %12d %12d %12d %14s%n",
                day.path("day").asText(),
                day.path("site").asText(),
                day.path("requests").asLong(),
                day.path("tokens_in").asLong(),
                day.path("tokens_out").asLong(),
                day.path("tokens_anonymous").asLong(),
                day.path("cost").decimalValue().toPlainString());
        for (JsonNode budget : day.path("budgets")) {
            System.out.printf(
                    "            budget %s: %d of %d tokens are left%n",
                    budget.path("scope").asText().replace('_', ' '),
                    budget.path("left").asLong(),
                    budget.path("cap").asLong());
        }
    }
}

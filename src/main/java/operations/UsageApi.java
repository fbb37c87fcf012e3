package operations;

import ai.Budget;
import ai.Usage;
import ai.UsageLog;
import ingress.HttpAnswer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;

/** What paid AI providers were asked, by day and site, and what is left of today's budget: {@code /usage}. */
public final class UsageApi {
    private static final int MOST_LISTED = 1000;
    private static final int DAYS_LISTED = 30;
    private static final int DECIMALS = 6;
    private static final Set<String> PARAMETERS = Set.of("site", "since");

    private final UsageLog log;
    private final Budget budget;

    public UsageApi(UsageLog log, Budget budget) {
        this.log = log;
        this.budget = budget;
    }

    /** The latest day first. What is left is said of today, since caps may have been others before. */
    public void list(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, PARAMETERS);
        OffsetDateTime since = parameters.time("since");
        LocalDate first = since == null
                ? budget.today().minusDays(DAYS_LISTED - 1L)
                : since.withOffsetSameInstant(ZoneOffset.UTC).toLocalDate();
        List<UsageLog.OfDay> days = log.days(parameters.text("site"), first, MOST_LISTED);
        LocalDate today = budget.today();
        Map<String, List<Budget.Scope>> budgets = budget.scopes(days.stream()
                .filter(day -> day.day().equals(today))
                .map(UsageLog.OfDay::site)
                .toList());
        HttpAnswer.json(
                exchange,
                200,
                Map.of(
                        "usage",
                        days.stream()
                                .map(day -> day(day, day.day().equals(today) ? budgets.get(day.site()) : List.of()))
                                .toList()));
    }

    private static Map<String, Object> day(UsageLog.OfDay day, List<Budget.Scope> budgets) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("day", day.day().toString());
        line.put("site", day.site());
        line.putAll(describe(day.usage()));
        line.put("tokens_anonymous", day.anonymous());
        line.put("budgets", budgets.stream().map(UsageApi::budget).toList());
        return line;
    }

    private static Map<String, Object> budget(Budget.Scope scope) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("scope", scope.name());
        line.put("cap", scope.cap());
        line.put("used", scope.used());
        line.put("left", scope.left());
        return line;
    }

    /** In tokens, and to a millionth of the currency. */
    static Map<String, Object> describe(Usage usage) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("requests", usage.requests());
        line.put("tokens_in", usage.tokensIn());
        line.put("tokens_out", usage.tokensOut());
        BigDecimal cost = usage.cost().setScale(DECIMALS, RoundingMode.HALF_UP);
        line.put("cost", cost);
        return line;
    }
}

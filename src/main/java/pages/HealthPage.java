package pages;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/** {@code /health}: what {@code /observe/health} answers a program. */
public final class HealthPage {
    private static final Map<String, String> TITLES = Map.of(
            "event-log", "Recording events",
            "backlog", "What waits",
            "ai-providers", "Circuit breakers of AI providers",
            "context", "Camel");

    private static final Map<String, String> HINTS = Map.of(
            "ai-providers",
            "closed: it is asked, as usual. open: it kept failing, and is left alone for up to half a minute."
                    + " half_open: it is tried again, with a few questions.");

    private final Pages pages;

    public HealthPage(Pages pages) {
        this.pages = pages;
    }

    /**
     * @param says more in words, or empty
     * @param hint what those words mean, or empty
     */
    public record Check(String title, boolean isUp, String says, String hint) {}

    public void show(Exchange exchange) {
        List<Check> checks = HealthCheckHelper.invoke(exchange.getContext()).stream()
                .map(HealthPage::check)
                .sorted(Comparator.comparing(Check::isUp).thenComparing(Check::title))
                .toList();
        Frame frame = pages.frame(exchange, "Health", "health");
        pages.answer(exchange, 200, "health", frame, Map.of("checks", checks, "times", pages.times()));
    }

    private static Check check(HealthCheck.Result result) {
        String id = result.getCheck().getId();
        return new Check(
                TITLES.getOrDefault(id, id),
                result.getState() == HealthCheck.State.UP,
                result.getMessage().orElse(""),
                HINTS.getOrDefault(id, ""));
    }
}

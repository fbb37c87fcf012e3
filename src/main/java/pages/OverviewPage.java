package pages;

import ingress.RejectedRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.camel.Exchange;
import statistics.Overview;

/** {@code /}: one look says whether all is well. */
public final class OverviewPage {
    private final Pages pages;
    private final Overview overview;
    private final Clock clock;

    public OverviewPage(Pages pages, Overview overview, Clock clock) {
        this.pages = pages;
        this.overview = overview;
        this.clock = clock;
    }

    /** @throws RejectedRequest 422 for a span that cannot be chosen */
    public void show(Exchange exchange) {
        String span = Gate.request(exchange).getParam("span", OverviewView.SHORTEST);
        Duration length = OverviewView.LENGTHS.get(span);
        if (length == null) {
            throw RejectedRequest.invalidParameter(
                    "span", "must be one of " + String.join(", ", OverviewView.LENGTHS.keySet()));
        }
        Instant now = clock.instant();
        String changed = Gate.request(exchange).getParam("changed", "");
        OverviewView view = new OverviewView(overview.report(now.minus(length), now), span, changed);
        Frame frame = pages.frame(exchange, "Overview", "overview");
        pages.answer(exchange, 200, "overview", frame, Map.of("view", view, "times", pages.times()));
    }
}

package pages;

import events.FailureReason;
import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a browser is told that cannot be answered: in words, and what to do. Never what the program was doing. */
public final class ErrorPages {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorPages.class);
    private static final Map<Integer, String> TITLES = Map.of(
            400, "This cannot be asked",
            401, "Log in first",
            403, "Not from here",
            404, "There is no such thing",
            409, "Not as things are",
            422, "This cannot be asked");

    private final Pages pages;

    public ErrorPages(Pages pages) {
        this.pages = pages;
    }

    /** Answers a {@link RejectedRequest}. */
    public void reject(Exchange exchange) {
        RejectedRequest rejected = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, RejectedRequest.class);
        LOG.info("Page {} answered {}: {}", HttpAnswer.requestId(exchange), rejected.status(), rejected.getMessage());
        answer(
                exchange,
                rejected.status(),
                TITLES.getOrDefault(rejected.status(), "This cannot be answered"),
                text(rejected));
    }

    /** In a sentence, with what is wrong. */
    static String text(RejectedRequest rejected) {
        if (rejected.status() == 404) {
            return "There is no event with this key, no longer or not on this relay. A part of a key is found with the search.";
        }
        String problems = rejected.problems().stream()
                .map(problem -> problem.field() + " " + problem.problem())
                .reduce((one, other) -> one + "; " + other)
                .orElse(rejected.getMessage());
        return problems + ".";
    }

    /** Answers whatever else went wrong. */
    public void unavailable(Exchange exchange) {
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        LOG.warn("Page {} answered 503: {}", HttpAnswer.requestId(exchange), FailureReason.rootLine(cause));
        answer(
                exchange,
                503,
                "Not available now",
                "The event log cannot be asked now: mostly, its database is away. See whether that runs and can be reached; the relay's log says more, under the request id. What was recorded is not lost, and this page works again as soon as the database does.");
    }

    private void answer(Exchange exchange, int status, String title, String text) {
        String requestId = HttpAnswer.requestId(exchange);
        Frame frame = pages.frame(exchange, title, "");
        pages.answer(exchange, status, "problem", frame, Map.of("text", text, "requestId", requestId));
    }
}

package pages;

import events.EventPages;
import ingress.RejectedRequest;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import operations.EventsApi;
import operations.KnownNames;
import org.apache.camel.Exchange;

/** {@code /events} in a browser. */
public final class ListPage {
    private final Pages pages;
    private final EventsApi events;
    private final KnownNames known;

    public ListPage(Pages pages, EventsApi events, KnownNames known) {
        this.pages = pages;
        this.events = events;
        this.known = known;
    }

    public void show(Exchange exchange) {
        MultiMap given = Gate.request(exchange).params();
        Filter filter = Filter.of(given);
        if (Filter.isUntidy(given)) {
            PageAnswer.goTo(exchange, filter.at("/events"));
            return;
        }
        try {
            answer(exchange, 200, list(filter, "", events.page(exchange), given.contains("after")));
        } catch (RejectedRequest e) {
            EventPages.Page none = new EventPages.Page(List.of(), null, null, null);
            answer(exchange, e.status(), list(filter, ErrorPages.text(e), none, false));
        }
    }

    private EventList list(Filter filter, String problem, EventPages.Page page, boolean isTowardsNow) {
        return new EventList(filter, problem, page, isTowardsNow, known.events(), known.sites());
    }

    private void answer(Exchange exchange, int status, EventList list) {
        Frame frame = pages.frame(exchange, "Events", "events");
        pages.answer(exchange, status, "events", frame, Map.of("list", list, "times", pages.times()));
    }
}

package pages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.util.Map;
import operations.EventsApi;
import org.apache.camel.Exchange;

/** {@code /events/{key}} in a browser. */
public final class EventPage {
    /** What the API answers when several sites have an event with the key. */
    private static final int SEVERAL = 409;

    private final Pages pages;
    private final EventsApi events;

    public EventPage(Pages pages, EventsApi events) {
        this.pages = pages;
        this.events = events;
    }

    /**
     * Of several sites with an event of this key the list has all.
     *
     * @throws RejectedRequest as the API
     */
    public void show(Exchange exchange) throws JsonProcessingException {
        String key = exchange.getMessage().getHeader("key", String.class);
        JsonNode description;
        try {
            description = HttpAnswer.tree(events.describe(events.event(exchange)));
        } catch (RejectedRequest e) {
            if (e.status() != SEVERAL) {
                throw e;
            }
            PageAnswer.goTo(exchange, "/events?search=" + Filter.encode(key));
            return;
        }
        EventView event = new EventView(description, Gate.request(exchange).getParam("replayed") != null);
        Frame frame = pages.frame(exchange, "Event " + event.text("key"), "events");
        pages.answer(exchange, 200, "event", frame, Map.of("event", event, "times", pages.times()));
    }
}

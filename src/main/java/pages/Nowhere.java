package pages;

import events.EventLog;
import ingress.NotFoundPage;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** The page at an address that there is not. */
public final class Nowhere implements NotFoundPage {
    private static final int NOT_FOUND = 404;

    private final Pages pages;

    public Nowhere(Pages pages) {
        this.pages = pages;
    }

    @Override
    public boolean answer(RoutingContext request) {
        String accept = request.request().getHeader("Accept");
        if (accept == null || !Negotiation.isForPage(accept)) {
            return false;
        }
        String requestId = EventLog.nextId().toString();
        Frame frame = pages.frame(request.request(), "There is no such page", "");
        String text = "The relay has nothing at this address. From these pages all that there is can be reached:";
        PageAnswer.page(
                request.response(),
                NOT_FOUND,
                requestId,
                "problem",
                Map.of("frame", frame, "text", text, "requestId", requestId));
        return true;
    }
}

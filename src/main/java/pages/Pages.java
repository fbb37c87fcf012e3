package pages;

import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/** What all pages have in common: who may see them, and what stands around them. */
public final class Pages {
    private final Gate gate;
    private final Clock clock;
    private final ConsoleAddress console;
    private final Assets assets = new Assets();

    /**
     * @param adminToken empty: none is needed on this machine
     * @param console where Hawtio is
     */
    public Pages(String adminToken, Clock clock, ConsoleAddress console) {
        this.gate = new Gate(adminToken, clock);
        this.clock = clock;
        this.console = console;
    }

    /** Whether the answer is to be a page. */
    public static boolean isWanted(Exchange exchange) {
        return Negotiation.isForPage(exchange);
    }

    /** Nobody goes on who may not see the pages. */
    public void admit(Exchange exchange) {
        gate.admit(exchange);
    }

    Gate gate() {
        return gate;
    }

    Assets assets() {
        return assets;
    }

    /** Of the page that is made now. */
    Times times() {
        return new Times(OffsetDateTime.now(clock));
    }

    Frame frame(Exchange exchange, String title, String section) {
        return frame(Gate.request(exchange), title, section);
    }

    Frame frame(HttpServerRequest request, String title, String section) {
        return new Frame(
                title, section, assets, console.seenFrom(request), gate.isTokenNeeded() && !section.equals("login"));
    }

    /** @param more what the template takes besides the frame and the times */
    void answer(Exchange exchange, int status, String template, Frame frame, Map<String, Object> more) {
        Map<String, Object> parameters = new HashMap<>(more);
        parameters.put("frame", frame);
        PageAnswer.page(exchange, status, template, parameters);
    }
}

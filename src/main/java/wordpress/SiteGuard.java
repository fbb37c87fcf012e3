package wordpress;

import events.HeldBack;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Stands before every request to a site, for the route ask-wordpress: one that refuses us or does not answer must not
 * cost its events their retries, nor other sites' events the workers.
 */
public final class SiteGuard {
    /** The exchange property with the {@link Visit} under way: a broken answer may take the headers with it. */
    private static final String VISIT = "RelaySiteVisit";

    private static final int UNAUTHORIZED = 401;

    private final SitePauses pauses;
    private final int workers;
    private final Map<String, Patience> patience = new ConcurrentHashMap<>();

    private record Visit(String site, Patience patience, Patience.Call call) {}

    /** @param workers how many events are worked on at once */
    public SiteGuard(SitePauses pauses, int workers) {
        this.pauses = pauses;
        this.workers = workers;
    }

    /** @throws HeldBack when the site is not to be asked now */
    public void enter(Exchange exchange, @Header("RelaySite") String site) {
        pauses.check(site);
        Patience mine = patience.computeIfAbsent(site, name -> new Patience("site '" + name + "'", workers));
        exchange.setProperty(VISIT, new Visit(site, mine, mine.begin()));
    }

    /** The site answered, with a status below 300. */
    public void answered(Exchange exchange) {
        Visit visit = (Visit) exchange.removeProperty(VISIT);
        visit.patience().end(visit.call(), null);
        pauses.lift(visit.site());
    }

    /** Throws what went wrong again, or {@link HeldBack} where that is no fault of this event. */
    public void failed(Exchange exchange) throws Exception {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (exchange.removeProperty(VISIT) instanceof Visit visit) {
            visit.patience().end(visit.call(), failure);
            if (failure instanceof HttpOperationFailedException answer) {
                heed(visit.site(), answer.getStatusCode());
            }
        }
        throw failure;
    }

    private void heed(String site, int status) {
        if (status == UNAUTHORIZED) {
            pauses.pause(site, "it answered " + UNAUTHORIZED);
        } else {
            pauses.lift(site);
        }
    }
}

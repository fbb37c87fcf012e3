package wordpress;

import events.HeldBack;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;

/**
 * Stands before every request to a site, for the route ask-wordpress: one that refuses us or does not answer must not
 * cost its events their retries, nor other sites' events the workers.
 */
public final class SiteGuard {
    /** The exchange property with the {@link Visit} under way: a broken answer may take the headers with it. */
    private static final String VISIT = "RelaySiteVisit";

    /** The exchange property of an event that is to try again, with each of its requests. */
    private static final String PROBE = "RelaySiteProbe";

    private static final String RESULTS = "/ai-relay/v1/results";
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    /** What WordPress says where the plugin is not active. */
    private static final String NO_ROUTE = "rest_no_route";
    /** What only the plugin answers, once it has let us in; anybody may say 404. */
    private static final Set<Integer> LET_IN = Set.of(409, 422);

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
        if (!exchange.getProperty(PROBE, false, Boolean.class)) {
            exchange.setProperty(PROBE, pauses.check(site));
        }
        Patience mine = patience.computeIfAbsent(site, name -> new Patience("site '" + name + "'", workers));
        exchange.setProperty(VISIT, new Visit(site, mine, mine.begin()));
    }

    /** The site answered, with a status below 300. That may be a maintenance page. */
    public void answered(Exchange exchange) {
        Visit visit = (Visit) exchange.removeProperty(VISIT);
        visit.patience().end(visit.call(), null);
    }

    /** The plugin answered the call-back: our credentials are good. */
    public void letIn(@Header("RelaySite") String site) {
        pauses.lift(site);
    }

    /** Of the requests that we make, only these need our credentials wherever they go. */
    private static boolean isCallBack(Exchange exchange) {
        return RESULTS.equals(exchange.getProperty("RelayRestPath"));
    }

    /** Throws what went wrong again, or {@link HeldBack} where that is no fault of this event. */
    public void failed(Exchange exchange) throws Exception {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (exchange.removeProperty(VISIT) instanceof Visit visit) {
            visit.patience().end(visit.call(), failure);
            if (failure instanceof HttpOperationFailedException answer) {
                heed(visit.site(), answer, isCallBack(exchange));
            }
            heedAddress(visit.site(), failure);
        }
        throw failure;
    }

    /** A setting is missing, and no event is at fault: all wait, the first one too, until the site can be called. */
    private void heedAddress(String site, Exception failure) {
        PrivateAddressException refused = ObjectHelper.getException(PrivateAddressException.class, failure);
        if (refused != null) {
            pauses.pause(site, refused.getMessage());
            pauses.check(site);
        }
    }

    /** Whether it is WordPress that answers, and not our plugin in it. */
    public static boolean isWithoutPlugin(HttpOperationFailedException answer) {
        return answer.getStatusCode() == NOT_FOUND
                && String.valueOf(answer.getResponseBody()).contains(NO_ROUTE);
    }

    /** What says the same of every event of the site pauses it. */
    private void heed(String site, HttpOperationFailedException answer, boolean isCallBack) {
        int status = answer.getStatusCode();
        if (status == UNAUTHORIZED) {
            pauses.pause(site, "it answered 401: check its user and application password");
        } else if (isCallBack && isWithoutPlugin(answer)) {
            pauses.pause(site, "it knows no " + RESULTS + ": check that the plugin is active, and WP_SITE_URL");
        } else if (isCallBack && LET_IN.contains(status)) {
            pauses.lift(site);
        }
    }
}

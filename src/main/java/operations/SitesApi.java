package operations;

import ingress.HttpAnswer;
import ingress.RejectedRequest;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import sites.Sites;
import wordpress.ManualPauses;
import wordpress.SitePauses;

/** Pausing a site by hand, over HTTP: its events wait, and use up no retry. */
public final class SitesApi {
    private static final Set<String> OF_PAUSE = Set.of("site", "until", "reason");
    private static final Set<String> OF_RESUME = Set.of("site");

    /** In characters: as the column has it. */
    public static final int LONGEST_REASON = 2000;

    private final Sites sites;
    private final SitePauses pauses;
    private final ManualPauses manual;
    private final Clock clock;

    public SitesApi(Sites sites, SitePauses pauses, ManualPauses manual, Clock clock) {
        this.sites = sites;
        this.pauses = pauses;
        this.manual = manual;
        this.clock = clock;
    }

    public void list(Exchange exchange) {
        QueryParameters.of(exchange, Set.of());
        HttpAnswer.json(exchange, 200, Map.of("pauses", pauses.list()));
    }

    /** @throws RejectedRequest 404 for a site that is not known, 422 for an end that is past */
    public void pause(Exchange exchange) {
        QueryParameters parameters = QueryParameters.of(exchange, OF_PAUSE);
        String site = site(exchange);
        OffsetDateTime until = parameters.timeToCome("until", clock);
        manual.pause(site, until, reason(parameters.text("reason")));
        list(exchange, site, true);
    }

    /** @throws RejectedRequest 422 for a reason that is too long */
    public static String reason(String given) {
        if (given != null && given.length() > LONGEST_REASON) {
            throw RejectedRequest.invalidParameter("reason", "must have " + LONGEST_REASON + " characters at most");
        }
        return given;
    }

    /** @throws RejectedRequest 404 for a site that is not known */
    public void resume(Exchange exchange) {
        QueryParameters.of(exchange, OF_RESUME);
        String site = site(exchange);
        list(exchange, site, manual.resume(site));
    }

    private void list(Exchange exchange, String site, boolean isChanged) {
        HttpAnswer.json(exchange, 200, Map.of("site", site, "changed", isChanged, "pauses", pauses.list()));
    }

    private String site(Exchange exchange) {
        String site = exchange.getMessage().getHeader("site", String.class);
        if (sites.find(site).isEmpty()) {
            throw RejectedRequest.notFound("site", KnownNames.unknownSite(site, sites));
        }
        return site;
    }
}

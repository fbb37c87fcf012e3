package pages;

import ingress.RejectedRequest;
import io.vertx.core.MultiMap;
import java.time.OffsetDateTime;
import java.util.Map;
import operations.KnownNames;
import operations.PointInTime;
import operations.SitesApi;
import org.apache.camel.Exchange;
import sites.Sites;
import wordpress.ManualPauses;
import wordpress.SitePauses;

/**
 * Pausing a site and resuming it, in a browser: {@code GET /pause} says what that means and asks; {@code POST /pauses} and
 * {@code POST /resumes} do it and lead back to the overview.
 */
public final class PausePages {
    private final Pages pages;
    private final SitePauses pauses;
    private final ManualPauses manual;
    private final Sites sites;

    public PausePages(Pages pages, SitePauses pauses, ManualPauses manual, Sites sites) {
        this.pages = pages;
        this.pauses = pauses;
        this.manual = manual;
        this.sites = sites;
    }

    /** @throws RejectedRequest 422 for a site that is not known */
    public void plan(Exchange exchange) {
        String site = site(Gate.request(exchange).params());
        SitePauses.Pause pause = pauses.list().stream()
                .filter(one -> one.site().equals(site))
                .findFirst()
                .orElse(null);
        PausePlan plan = new PausePlan(site, pause);
        Frame frame = pages.frame(exchange, plan.heading(), "overview");
        pages.answer(exchange, 200, "pause", frame, Map.of("plan", plan, "times", pages.times()));
    }

    /** @throws RejectedRequest 422 for what the form does not have */
    public void pause(Exchange exchange) {
        MultiMap given = Gate.request(exchange).params();
        String site = site(given);
        String reason = given.contains("reason") ? given.get("reason").strip() : "";
        manual.pause(site, until(given.get("for")), SitesApi.reason(reason));
        goBack(exchange, site);
    }

    /** @throws RejectedRequest 422 for a site that is not known */
    public void resume(Exchange exchange) {
        String site = site(Gate.request(exchange).params());
        manual.resume(site);
        goBack(exchange, site);
    }

    private static void goBack(Exchange exchange, String site) {
        PageAnswer.goTo(exchange, "/?changed=" + Filter.encode(site) + "#sites");
    }

    /** Null: until it is resumed. */
    private OffsetDateTime until(String length) {
        return length == null || length.isBlank()
                ? null
                : PointInTime.toCome("for", length.strip(), pages.times().now());
    }

    private String site(MultiMap given) {
        String site = given.get("site");
        if (site == null || site.isEmpty()) {
            throw RejectedRequest.invalidParameter("site", "must be given");
        }
        if (sites.find(site).isEmpty()) {
            throw RejectedRequest.invalidParameter("site", KnownNames.unknownSite(site, sites));
        }
        return site;
    }
}

package routes;

import ingress.HttpAnswer;
import ingress.RejectedRequest;
import operations.EraseApi;
import operations.EventsApi;
import operations.OverviewApi;
import operations.ReplayApi;
import operations.SitesApi;
import operations.UsageApi;
import org.apache.camel.builder.RouteBuilder;
import pages.ErrorPages;
import pages.EventPage;
import pages.ListPage;
import pages.LoginPages;
import pages.NotAdmitted;
import pages.Pages;

/**
 * {@code /events} and {@code /usage} on the management port: what became of an event, another chance for a dead one,
 * erasing it; what waits and how it goes ({@code /overview}); what the AI was asked. A browser gets a page in the place of
 * JSON ({@link ShowPages}).
 */
public final class ManageEvents extends RouteBuilder {
    private static final String ENGINE = "&platformHttpEngine=#managementHttpEngine";

    @Override
    public void configure() {
        EventsApi events = getContext().getRegistry().findSingleByType(EventsApi.class);
        ReplayApi replays = getContext().getRegistry().findSingleByType(ReplayApi.class);
        EraseApi erasures = getContext().getRegistry().findSingleByType(EraseApi.class);
        OverviewApi overview = getContext().getRegistry().findSingleByType(OverviewApi.class);
        SitesApi sites = getContext().getRegistry().findSingleByType(SitesApi.class);
        Pages pages = bean(Pages.class);
        UsageApi usage = getContext().getRegistry().findSingleByType(UsageApi.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        onException(NotAdmitted.class).handled(true).process(bean(LoginPages.class)::askFor);
        onException(RejectedRequest.class)
                .onWhen(Pages::isWanted)
                .handled(true)
                .process(bean(ErrorPages.class)::reject);
        onException(RejectedRequest.class).handled(true).process(HttpAnswer::reject);
        onException(Exception.class).onWhen(Pages::isWanted).handled(true).process(bean(ErrorPages.class)::unavailable);
        onException(Exception.class).handled(true).process(HttpAnswer::unavailable);

        from("platform-http:/events?httpMethodRestrict=GET" + ENGINE)
                .routeId("list-events")
                .description("Lists the events that match, page by page: status, event, site, since, until, search.")
                .choice()
                .when(Pages::isWanted)
                .process(pages::admit)
                .process(bean(ListPage.class)::show)
                .otherwise()
                .process(events::authorize)
                .process(events::list)
                .setHeader("Vary", constant("Accept"))
                .end();

        from("platform-http:/events/{key}?httpMethodRestrict=GET" + ENGINE)
                .routeId("show-event")
                .description("Shows one event with its attempts, payload and result.")
                .choice()
                .when(Pages::isWanted)
                .process(pages::admit)
                .process(bean(EventPage.class)::show)
                .otherwise()
                .process(events::authorize)
                .process(events::show)
                .setHeader("Vary", constant("Accept"))
                .end();

        from("platform-http:/overview?httpMethodRestrict=GET" + ENGINE)
                .routeId("show-overview")
                .description("Shows what waits, how each site is, and what happened over time: since, until.")
                .process(events::authorize)
                .process(overview::show);

        from("platform-http:/usage?httpMethodRestrict=GET" + ENGINE)
                .routeId("list-usage")
                .description("Lists what paid AI providers were asked, by day and site: site, since.")
                .process(events::authorize)
                .process(usage::list);

        from("platform-http:/events/{key}/replay?httpMethodRestrict=POST" + ENGINE)
                .routeId("replay-event")
                .description("Takes a dead event's letter away and puts the event back into the outbox.")
                .process(events::authorize)
                .process(replays::replay)
                .to(DispatchEvents.WAKE);

        from("platform-http:/events/replay?httpMethodRestrict=POST" + ENGINE)
                .routeId("replay-events")
                .description("As replay-event, for those with the given ids or the next batch of those that match.")
                .process(events::authorize)
                .process(replays::replayMatching)
                .to(DispatchEvents.WAKE);

        from("platform-http:/events/{key}/erase?httpMethodRestrict=POST" + ENGINE)
                .routeId("erase-event")
                .description("Removes what an event holds; its key, status and times stay.")
                .process(events::authorize)
                .process(erasures::erase);

        from("platform-http:/events/erase?httpMethodRestrict=POST" + ENGINE)
                .routeId("erase-person")
                .description("As erase-event, for those of the next events that have the e-mail address email_sha256.")
                .process(events::authorize)
                .process(erasures::erasePerson);

        from("platform-http:/sites/pauses?httpMethodRestrict=GET" + ENGINE)
                .routeId("list-pauses")
                .description("Lists the sites that are paused, why and until when.")
                .process(events::authorize)
                .process(sites::list);

        from("platform-http:/sites/{site}/pause?httpMethodRestrict=POST" + ENGINE)
                .routeId("pause-site")
                .description("Has the events of a site wait, until a time or until resume-site.")
                .process(events::authorize)
                .process(sites::pause);

        from("platform-http:/sites/{site}/resume?httpMethodRestrict=POST" + ENGINE)
                .routeId("resume-site")
                .description("Lets a site be called again, whoever paused it.")
                .process(events::authorize)
                .process(sites::resume);
    }

    private <T> T bean(Class<T> type) {
        return getContext().getRegistry().findSingleByType(type);
    }
}

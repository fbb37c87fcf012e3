package routes;

import operations.EraseApi;
import operations.EventsApi;
import operations.OverviewApi;
import operations.ReplayApi;
import operations.UsageApi;
import pages.EventPage;
import pages.ListPage;
import pages.Pages;

/**
 * {@code /events} and {@code /usage} on the management port: what became of an event, another chance for a dead one,
 * erasing it; what waits and how it goes ({@code /overview}); what the AI was asked. A browser gets a page in the place of
 * JSON ({@link ShowPages}).
 */
public final class ManageEvents extends ManagementRoutes {
    private EventsApi events;

    @Override
    public void configure() {
        events = bean(EventsApi.class);
        answerErrors();
        showEvents();
        showFigures();
        replayEvents();
        eraseEvents();
    }

    private void showEvents() {
        Pages pages = bean(Pages.class);
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
    }

    private void showFigures() {
        from("platform-http:/overview?httpMethodRestrict=GET" + ENGINE)
                .routeId("show-overview")
                .description("Shows what waits, how each site is, and what happened over time: since, until.")
                .process(events::authorize)
                .process(bean(OverviewApi.class)::show);

        from("platform-http:/usage?httpMethodRestrict=GET" + ENGINE)
                .routeId("list-usage")
                .description("Lists what paid AI providers were asked, by day and site: site, since.")
                .process(events::authorize)
                .process(bean(UsageApi.class)::list);
    }

    private void replayEvents() {
        ReplayApi replays = bean(ReplayApi.class);
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
    }

    private void eraseEvents() {
        EraseApi erasures = bean(EraseApi.class);
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
    }
}

package routes;

import operations.EventsApi;
import operations.SitesApi;

/** {@code /sites} on the management port: pausing a site by hand, and which are paused. */
public final class ManageSites extends ManagementRoutes {
    @Override
    public void configure() {
        EventsApi events = bean(EventsApi.class);
        SitesApi sites = bean(SitesApi.class);
        answerErrors();

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
}

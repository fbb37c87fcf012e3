package routes;

import ingress.RejectedRequest;
import pages.AssetFiles;
import pages.ErrorPages;
import pages.HealthPage;
import pages.LoginPages;
import pages.NotAdmitted;
import pages.OverviewPage;
import pages.Pages;
import pages.PausePages;
import pages.ReplayPages;

/**
 * What a browser finds on the management port besides {@code /events}, which {@link ManageEvents} answers with a page as
 * well: an overview, another chance for many events, a rest for a site, a login.
 */
public final class ShowPages extends ManagementRoutes {
    @Override
    public void configure() {
        Pages pages = bean(Pages.class);
        ErrorPages errors = bean(ErrorPages.class);
        LoginPages login = bean(LoginPages.class);
        ReplayPages replays = bean(ReplayPages.class);
        PausePages pauses = bean(PausePages.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        onException(NotAdmitted.class).handled(true).process(login::askFor);
        onException(RejectedRequest.class).handled(true).process(errors::reject);
        onException(Exception.class).handled(true).process(errors::unavailable);

        from("platform-http:/?httpMethodRestrict=GET" + ENGINE)
                .routeId("show-front-page")
                .description("A page that says whether all is well: what waits, what failed, which site is silent.")
                .process(pages::admit)
                .process(bean(OverviewPage.class)::show);

        from("platform-http:/health?httpMethodRestrict=GET" + ENGINE)
                .routeId("show-health")
                .description("A page that says whether this relay can record events, and how the AI providers are.")
                .process(pages::admit)
                .process(bean(HealthPage.class)::show);

        from("platform-http:/replay?httpMethodRestrict=GET" + ENGINE)
                .routeId("plan-replay")
                .description("A page that says which events would be replayed, and asks whether they should.")
                .process(pages::admit)
                .process(replays::plan);

        from("platform-http:/replays?httpMethodRestrict=POST" + ENGINE)
                .routeId("replay-planned")
                .description("Replays what a page asked about.")
                .process(pages::admit)
                .process(replays::replay)
                .to(DispatchEvents.WAKE);

        from("platform-http:/replayed?httpMethodRestrict=GET" + ENGINE)
                .routeId("show-replayed")
                .description("A page that says what was replayed.")
                .process(pages::admit)
                .process(replays::result);

        from("platform-http:/pause?httpMethodRestrict=GET" + ENGINE)
                .routeId("plan-pause")
                .description("A page that asks whether a site is to be paused, or resumed.")
                .process(pages::admit)
                .process(pauses::plan);

        from("platform-http:/pauses?httpMethodRestrict=POST" + ENGINE)
                .routeId("pause-planned")
                .description("Has the events of a site wait, as a page asked.")
                .process(pages::admit)
                .process(pauses::pause);

        from("platform-http:/resumes?httpMethodRestrict=POST" + ENGINE)
                .routeId("resume-planned")
                .description("Lets a site be called again, as a page asked.")
                .process(pages::admit)
                .process(pauses::resume);

        from("platform-http:/login?httpMethodRestrict=GET" + ENGINE)
                .routeId("ask-for-token")
                .description("A page that takes the admin token.")
                .process(login::form);

        from("platform-http:/session?httpMethodRestrict=POST" + ENGINE)
                .routeId("log-in")
                .description("Begins a session for whoever knows the admin token.")
                .process(login::logIn);

        from("platform-http:/logout?httpMethodRestrict=POST" + ENGINE)
                .routeId("log-out")
                .description("Makes the browser forget its session.")
                .process(login::logOut);

        from("platform-http:/assets/{file}?httpMethodRestrict=GET" + ENGINE)
                .routeId("send-asset")
                .description("Sends what the pages are drawn with: style, script, icon.")
                .process(bean(AssetFiles.class)::send);
    }
}

package routes;

import ingress.HttpAnswer;
import ingress.RejectedRequest;
import org.apache.camel.builder.RouteBuilder;
import pages.ErrorPages;
import pages.LoginPages;
import pages.NotAdmitted;
import pages.Pages;

/** What the routes of the management port have in common. What goes wrong in them a browser is told by a page. */
abstract class ManagementRoutes extends RouteBuilder {
    static final String ENGINE = "&platformHttpEngine=#managementHttpEngine";

    /** To be called before the first route. */
    final void answerErrors() {
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        onException(NotAdmitted.class).handled(true).process(bean(LoginPages.class)::askFor);
        onException(RejectedRequest.class)
                .onWhen(Pages::isWanted)
                .handled(true)
                .process(bean(ErrorPages.class)::reject);
        onException(RejectedRequest.class).handled(true).process(HttpAnswer::reject);
        onException(Exception.class).onWhen(Pages::isWanted).handled(true).process(bean(ErrorPages.class)::unavailable);
        onException(Exception.class).handled(true).process(HttpAnswer::unavailable);
    }

    final <T> T bean(Class<T> type) {
        return getContext().getRegistry().findSingleByType(type);
    }
}

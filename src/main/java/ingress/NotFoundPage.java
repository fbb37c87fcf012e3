package ingress;

import io.vertx.ext.web.RoutingContext;

/** What a browser is answered on the management port where there is nothing. */
public interface NotFoundPage {
    /** @return whether it was answered; not, when no page is wanted */
    boolean answer(RoutingContext request);
}

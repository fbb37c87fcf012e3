package routes;

import automations.AutomationsReload;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedStartupListener;

/**
 * Starts the user's own automations once the relay's routes are there, and only then the work on events, which might need
 * them.
 */
final class StartWork implements ExtendedStartupListener {
    private final AutomationsReload automations;

    StartWork(AutomationsReload automations) {
        this.automations = automations;
    }

    @Override
    public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {
        // its routes are not there yet
    }

    @Override
    public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) throws Exception {
        automations.startRoutes();
        context.addService(automations);
        context.getRouteController().startRoute("process-event");
    }
}

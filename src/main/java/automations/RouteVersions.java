package automations;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Starts new versions of routes beside old ones and ends the old ones when they have nothing in hand. Camel's own reload
 * stops the old route first: what comes meanwhile fails, what is in hand after ten seconds is cut off, and a new version
 * that does not start leaves none.
 */
final class RouteVersions {
    private final ModelCamelContext context;
    private final Map<String, Integer> counts = new HashMap<>();
    private final List<RouteDefinition> retired = new ArrayList<>();
    /** Of those that are retired: found idle by the look before. A message that was just on its way in is in by now. */
    private final Set<String> idle = new HashSet<>();

    RouteVersions(ModelCamelContext context) {
        this.context = context;
    }

    /**
     * Starts all of them, or none. Each gets the id {@code <id>@<version>}, and so do its steps, since Camel wants ids that
     * are unique, and the old version is still there.
     *
     * @throws Exception of Camel's, which says why one cannot be started
     */
    void start(List<RouteDefinition> routes) throws Exception {
        routes.forEach(this::number);
        try {
            // Made first, which shows most of what can be wrong, and then started.
            context.addRouteDefinitions(routes);
            for (RouteDefinition route : routes) {
                context.getRouteController().startRoute(route.getId());
            }
        } catch (Exception e) {
            for (RouteDefinition route : routes) {
                remove(route);
            }
            throw e;
        }
    }

    private void number(RouteDefinition route) {
        String version = "@" + counts.merge(route.getId(), 1, Integer::sum);
        route.setId(route.getId() + version);
        route.setAutoStartup("false");
        route.setStartupOrder(null); // the new version and the old one cannot both have it
        ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)
                .forEach(step -> {
                    if (step.hasCustomIdAssigned()) {
                        step.setId(step.getId() + version);
                    }
                });
    }

    /** From now on they get nothing more; what they have in hand they finish. */
    void retire(List<RouteDefinition> routes) {
        for (RouteDefinition route : routes) {
            Route running = context.getRoute(route.getId());
            if (running != null) {
                ServiceHelper.suspendService(running.getConsumer());
            }
            retired.add(route);
        }
    }

    /** Removes what is retired and has had nothing in hand since the call before. */
    void removeIdle() throws Exception {
        for (Iterator<RouteDefinition> all = retired.iterator(); all.hasNext(); ) {
            RouteDefinition route = all.next();
            if (context.getInflightRepository().size(route.getId()) > 0) {
                idle.remove(route.getId());
            } else if (!idle.add(route.getId())) {
                idle.remove(route.getId());
                all.remove();
                remove(route);
            }
        }
    }

    private void remove(RouteDefinition route) throws Exception {
        if (context.getRouteDefinition(route.getId()) != null) {
            context.removeRouteDefinition(route);
        }
    }
}

package flow;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;

/** The routes of a started relay and what goes from one to another, as Camel's model has them. */
final class Flow {
    /** What is sent by a step in Java and so is not in the model. A route that nobody sends to fails the test. */
    private static final Map<String, List<String>> SENT_BY_JAVA =
            Map.of("dispatch-events", List.of("direct:queue-events", "direct:queue-events-alone"));

    private final Map<String, Node> nodes = new TreeMap<>();
    private final List<Arrow> arrows = new ArrayList<>();

    /** @param from its endpoint without options; a routeConfiguration has none */
    record Node(String id, String from, String description) {}

    /** @param to a route, or the name of what is outside in quotation marks */
    record Arrow(String from, String to, String when, boolean isOfFailure) {}

    Flow(CamelContext context) {
        ModelCamelContext model = (ModelCamelContext) context;
        for (RouteDefinition route : model.getRouteDefinitions()) {
            String from = Places.plain(route.getInput().getEndpointUri());
            nodes.put(route.getRouteId(), new Node(route.getRouteId(), from, route.getDescriptionText()));
            if (Places.isQueue(from)) {
                arrows.add(new Arrow(from, route.getRouteId(), "", false));
            }
        }
        Set<String> copied = new LinkedHashSet<>();
        for (RouteConfigurationDefinition policy : model.getRouteConfigurationDefinitions()) {
            nodes.put(policy.getId(), new Node(policy.getId(), "", policy.getDescriptionText()));
            copied.addAll(Sends.ids(policy.getOnExceptions()));
        }
        Places places = new Places(nodes.values());
        for (RouteDefinition route : model.getRouteDefinitions()) {
            String id = route.getRouteId();
            add(places, id, Sends.of(route, copied));
            SENT_BY_JAVA
                    .getOrDefault(id, List.of())
                    .forEach(uri -> add(places, id, List.of(new Sends.Send(uri, "", false))));
            if (route.getRouteConfigurationId() != null) {
                arrows.add(new Arrow(id, route.getRouteConfigurationId(), "", true));
            }
        }
        for (RouteConfigurationDefinition policy : model.getRouteConfigurationDefinitions()) {
            add(places, policy.getId(), Sends.of(policy.getOnExceptions()));
        }
        model.getRouteDefinitions().forEach(route -> addNamedAtRunTime(route.getRouteId(), Sends.of(route, copied)));
    }

    /** {@code direct:ask-${…}} leads to those routes of such a name that nobody else sends to. */
    private void addNamedAtRunTime(String from, List<Sends.Send> sends) {
        for (Sends.Send send : sends) {
            String start = Places.start(send.uri());
            orphans().stream()
                    .filter(id -> !start.isEmpty() && id.startsWith(start))
                    .sorted()
                    .forEach(id -> arrows.add(new Arrow(from, id, "", send.isOfFailure())));
        }
    }

    private void add(Places places, String from, List<Sends.Send> sends) {
        for (Sends.Send send : sends) {
            for (String to : places.of(send.uri())) {
                Arrow arrow = new Arrow(from, to, send.when(), send.isOfFailure());
                if (!arrows.contains(arrow)) {
                    arrows.add(arrow);
                }
            }
        }
    }

    Collection<Node> nodes() {
        return nodes.values();
    }

    /** In the order of its steps. */
    Stream<Arrow> arrowsFrom(String place) {
        return arrows.stream().filter(arrow -> arrow.from().equals(place));
    }

    /** Routes that nobody sends to, though they wait for it. */
    Set<String> orphans() {
        Set<String> targets = arrows.stream().map(Arrow::to).collect(Collectors.toSet());
        return nodes.values().stream()
                .filter(node -> node.from().startsWith("direct:") || node.from().isEmpty())
                .map(Node::id)
                .filter(id -> !targets.contains(id))
                .collect(Collectors.toSet());
    }

    /**
     * Where one gets from a place, each with the place it was first come to from; the first with null.
     *
     * @param isEnd places whose own arrows are not followed
     */
    Map<String, String> reachable(String start, Predicate<String> isEnd) {
        Map<String, String> found = new LinkedHashMap<>();
        found.put(start, null);
        List<String> next = new ArrayList<>(List.of(start));
        while (!next.isEmpty()) {
            String place = next.remove(0);
            if (isEnd.test(place)) {
                continue;
            }
            arrowsFrom(place)
                    .map(Arrow::to)
                    .distinct()
                    .filter(to -> !found.containsKey(to))
                    .forEach(to -> {
                        found.put(to, place);
                        next.add(to);
                    });
        }
        return found;
    }
}

package flow;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What an endpoint stands for in the drawing: a route, a queue, or something outside. */
final class Places {
    private static final String DIRECT = "direct:";
    private static final String QUEUE = "queue relay.";
    /** How addresses outside begin, as the routes have them. */
    private static final Map<String, String> OUTSIDE = Map.of(
            "${bean:sites", "WordPress",
            "{{ai.base.url}}", "AI server",
            "${bean:crmWebhook", "CRM");

    private final Collection<Flow.Node> routes;

    Places(Collection<Flow.Node> routes) {
        this.routes = routes;
    }

    /** The endpoint without what only one component says, and without options. */
    static String plain(String uri) {
        return uri.replaceFirst("\\?[a-zA-Z].*", "")
                .replace("://", ":")
                .replaceFirst("activemq:(queue:)?", "queue ")
                .replaceFirst("^platform-http:", "HTTP ")
                .replaceFirst("^timer:.*", "timer");
    }

    static boolean isQueue(String place) {
        return place.startsWith(QUEUE);
    }

    /** @return none for what is a step of the same place, such as a statement */
    List<String> of(String uri) {
        for (Map.Entry<String, String> outside : OUTSIDE.entrySet()) {
            if (uri.startsWith(outside.getKey())) {
                return List.of(outside.getValue());
            }
        }
        String plain = plain(uri);
        if (isQueue(plain)) {
            return List.of(plain);
        }
        String start = start(uri);
        if (!start.isEmpty()) {
            return List.of(start + "<" + (start.equals("on-") ? "event" : "provider") + "> of your own");
        }
        return routes.stream()
                .filter(route -> route.from().equals(plain))
                .map(Flow.Node::id)
                .toList();
    }

    /** How the routes begin that {@code direct:ask-${…}} may lead to; empty for any other endpoint. */
    static String start(String uri) {
        return uri.startsWith(DIRECT) && uri.contains("${") ? uri.substring(DIRECT.length(), uri.indexOf("${")) : "";
    }
}

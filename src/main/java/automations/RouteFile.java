package automations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RollbackDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.StopDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * A {@code *.camel.yaml} of the user's.
 *
 * @param routes as Camel has read them
 * @param names for each route, in order, its id and the name after {@code direct:} that it is from
 */
record RouteFile(List<RouteDefinition> routes, Map<String, String> names) {
    /** A routeConfiguration or beans would reach the relay's own routes. */
    private static final Set<String> ITEMS = Set.of("route", "from");

    private static final Pattern DIRECT = Pattern.compile("direct:(?://)?([A-Za-z0-9._-]{1,100})");
    private static final Pattern FROM =
            Pattern.compile("from:\\s*(?:uri:\\s*)?[\"']?direct:(?://)?([A-Za-z0-9._-]{1,100})");
    private static final YAMLMapper YAML = new YAMLMapper();

    /**
     * @param name of the file
     * @throws Exception whose root says in its first line what is wrong
     */
    static RouteFile read(String name, Source source, CamelContext context) throws Exception {
        if (source.problem() != null) {
            throw new IOException(source.problem());
        }
        checkForm(source.text());
        List<RouteDefinition> routes = new ArrayList<>();
        for (RoutesBuilder builder : PluginHelper.getRoutesLoader(context)
                .findRoutesBuilders(List.of(ResourceHelper.fromString(resource(name), source.text())))) {
            ((RouteBuilder) builder).configureRoutes(context);
            routes.addAll(((RouteBuilder) builder).getRouteCollection().getRoutes());
        }
        for (RouteDefinition route : routes) {
            checkSteps(route);
        }
        RouteFile file = new RouteFile(routes, names(name, routes, context));
        file.checkProvider(name);
        return file;
    }

    /** To Camel the extension begins at the first dot, and an event's name has one: {@code on-order.paid.camel.yaml}. */
    private static String resource(String name) {
        return base(name).replace('.', '-') + AutomationsDirectory.ROUTES;
    }

    /** After either, nothing more is done with the exchange, and the relay has to write down what came of the event. */
    private static void checkSteps(RouteDefinition route) throws IOException {
        for (Class<?> step : List.of(StopDefinition.class, RollbackDefinition.class)) {
            if (!ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), step)
                    .isEmpty()) {
                throw new IOException(
                        "route '" + route.getId() + "' has a stop or a rollback in it, after which the relay"
                                + " could not end the event; put what is to be left out into a choice or a filter");
            }
        }
    }

    private static void checkForm(String text) throws IOException {
        JsonNode items = parse(text);
        if (!items.isArray() || items.isEmpty()) {
            throw new IOException("it should be a list of routes, each beginning with \"- route:\"");
        }
        for (JsonNode item : items) {
            String other = item.isObject()
                    ? item.propertyStream()
                            .map(Map.Entry::getKey)
                            .filter(key -> !ITEMS.contains(key))
                            .findFirst()
                            .orElse("")
                    : "something else";
            if (!other.isEmpty()) {
                throw new IOException("it has \"" + other + "\" in it; each item should begin with \"- route:\"");
            }
        }
    }

    private static JsonNode parse(String text) throws IOException {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            // Not its message: that quotes the line.
            String where = e.getLocation() == null
                    ? ""
                    : ", at line " + e.getLocation().getLineNr();
            throw new IOException("it is no YAML" + where);
        }
    }

    private static Map<String, String> names(String name, List<RouteDefinition> routes, CamelContext context)
            throws IOException {
        Map<String, String> names = new LinkedHashMap<>();
        for (RouteDefinition route : routes) {
            if (!route.hasCustomIdAssigned()) {
                throw new IOException("a route in it has no id");
            }
            String uri = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
            MatchResult from = DIRECT.matcher(uri).results().findFirst().orElse(null);
            if (from == null || from.start() > 0 || from.end() < uri.length()) {
                throw new IOException("route '" + route.getId() + "' is from " + uri.replaceFirst("[?].*", "?…")
                        + "; it should be from direct: and a name, since events come from there");
            }
            if (names.putIfAbsent(route.getId(), from.group(1)) != null) {
                throw new IOException("route '" + route.getId() + "' is in it twice");
            }
        }
        if (Set.copyOf(names.values()).size() < names.size()) {
            throw new IOException("two routes in it are from the same endpoint");
        }
        return names;
    }

    /** {@code AI_PROVIDER} goes by the name of the file. */
    private void checkProvider(String name) throws IOException {
        String base = base(name);
        if (base.startsWith(AutomationsDirectory.PROVIDER) && !names.containsValue(base)) {
            throw new IOException("no route in it is from direct:" + base + ", as its name says");
        }
    }

    private static String base(String name) {
        return name.substring(0, name.length() - AutomationsDirectory.ROUTES.length());
    }

    /**
     * As far as can be seen: the names after {@code direct:} that the routes of a file would be from which is broken; that
     * of a provider by the file's name.
     */
    static List<String> claims(String name, Source source) {
        Stream<String> seen = source.text() == null
                ? Stream.of()
                : FROM.matcher(source.text()).results().map(found -> found.group(1));
        Stream<String> meant = Stream.of(base(name)).filter(base -> base.startsWith(AutomationsDirectory.PROVIDER));
        return Stream.concat(seen, meant).distinct().toList();
    }
}

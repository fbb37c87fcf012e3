package automations;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;

/** Routes that let events wait, in the place of those of a file that is broken. */
final class StandIn {
    private StandIn() {}

    /**
     * @param file which is broken
     * @param froms the names after {@code direct:} that its routes would be from
     * @param problem what is wrong with it, in one line
     * @param since when it was found so, however often it was saved in between
     */
    static RouteFile of(
            String file, Set<String> froms, String problem, Instant since, Clock clock, CamelContext context)
            throws Exception {
        String broken = BrokenFile.sentence(file, problem);
        Map<String, String> names = new TreeMap<>();
        froms.forEach(from -> names.put("instead-of-" + from, from));
        RouteBuilder routes = new RouteBuilder(context) {
            @Override
            public void configure() {
                names.forEach((id, from) -> from("direct:" + from)
                        .routeId(id)
                        .description("Lets events wait, since the file of the route that is meant is broken.")
                        .process(exchange -> {
                            throw BrokenFile.wait(broken, since, clock.instant());
                        }));
            }
        };
        routes.configureRoutes(context);
        return new RouteFile(routes.getRouteCollection().getRoutes(), names);
    }
}

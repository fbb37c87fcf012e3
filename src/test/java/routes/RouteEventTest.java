package routes;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import automations.Automations;
import automations.LayeredDirect;
import events.PermanentFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The content-based router alone: which event goes to which automation. */
class RouteEventTest extends CamelMainTestSupport {
    private static final List<String> AUTOMATIONS = List.of(
            "enrich-post", "moderate-comment", "qualify-lead", "run-batch", "test-connection", "erase-requested");

    @Override
    protected void configure(MainConfigurationProperties configuration) {
        configuration.withRoutesIncludePattern("classpath:camel/route-event.camel.yaml");
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        LayeredDirect direct = new LayeredDirect();
        registry.bind("direct", direct);
        registry.bind("automations", new Automations(direct));
    }

    // Not a class of its own: whatever is a RouteBuilder in this package is started with the application.
    @Override
    protected void doPostSetup() throws Exception {
        RouteBuilder.addRoutes(context, routes -> {
            routes.from("direct:enrich-post").to("mock:enrich-post");
            routes.from("direct:moderate-comment").to("mock:moderate-comment");
            routes.from("direct:qualify-lead").to("mock:qualify-lead");
            routes.from("direct:run-batch").to("mock:run-batch");
            routes.from("direct:test-connection").to("mock:test-connection");
            routes.from("direct:erase-requested").to("mock:erase-requested");
        });
    }

    /** None: the application's own would bring the whole relay. */
    @Override
    protected String getPropertyPlaceholderLocations() {
        return "classpath:no-such.properties;optional=true";
    }

    @ParameterizedTest
    @CsvSource({
        "post.published, enrich-post",
        "comment.created, moderate-comment",
        "lead.captured, qualify-lead",
        "batch.requested, run-batch",
        "post.updated, enrich-post",
        "connection.tested, test-connection",
        "erasure.requested, erase-requested"
    })
    void an_event_goes_to_the_automation_for_its_type(String event, String automation) throws Exception {
        Map<String, Object> body = Map.of("post_id", 1);
        for (String each : AUTOMATIONS) {
            MockEndpoint mock = getMockEndpoint("mock:" + each);
            mock.reset();
            mock.expectedMessageCount(each.equals(automation) ? 1 : 0);
        }
        template.sendBodyAndHeader("direct:route-event", body, "RelayEvent", event);
        MockEndpoint.assertIsSatisfied(context);
    }

    @ParameterizedTest
    @ValueSource(strings = {"order.paid", "post.published"})
    void one_of_the_users_own_goes_before_it(String event) throws Exception {
        RouteBuilder.addRoutes(
                context,
                routes -> routes.from("direct:on-" + event).routeId("own").to("mock:own"));
        getMockEndpoint("mock:own").expectedMessageCount(1);
        getMockEndpoint("mock:enrich-post").expectedMessageCount(0);
        template.sendBodyAndHeader("direct:route-event", Map.of("post_id", 1), "RelayEvent", event);
        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void each_event_that_has_a_schema_has_an_automation() throws IOException {
        String router = Files.readString(Path.of("src/main/resources/camel/route-event.camel.yaml"));
        try (Stream<Path> schemas = Files.list(Path.of("src/main/resources/schemas"))) {
            List<String> events = schemas.map(
                            file -> file.getFileName().toString().replaceFirst("\\.json$", ""))
                    .filter(name -> name.contains("."))
                    .toList();
            assertTrue(events.size() >= 7, events.toString());
            events.forEach(event -> assertTrue(router.contains("== '" + event + "'"), event));
        }
    }

    @Test
    void an_event_without_an_automation_is_a_failure_that_no_retry_mends() {
        CamelExecutionException failure = assertThrows(
                CamelExecutionException.class,
                () -> template.sendBodyAndHeader("direct:route-event", Map.of(), "RelayEvent", "unheard.of"));
        assertTrue(failure.getCause() instanceof PermanentFailure);
        assertTrue(failure.getCause().getMessage().contains("is from direct:on-unheard.of"));
    }
}

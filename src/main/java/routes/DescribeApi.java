package routes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ingress.EventSchemas;
import ingress.HttpAnswer;
import operations.ApiDescription;

/**
 * {@code /openapi.json} on the management port. Open, as health is and {@code /events} is not: it says nothing that is
 * not public, and tools that read it are pages in a browser as well.
 */
public final class DescribeApi extends ManagementRoutes {
    @Override
    public void configure() {
        EventSchemas schemas = bean(EventSchemas.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));

        from("platform-http:/openapi.json?httpMethodRestrict=GET" + ENGINE)
                .routeId("describe-api")
                .description(
                        "Describes the relay's HTTP interface as OpenAPI 3.1, with the events of RELAY_AUTOMATIONS_DIR.")
                .process(exchange ->
                        HttpAnswer.json(exchange, 200, ApiDescription.with(Read.DESCRIPTION, schemas.own())));
    }

    /** When first asked for: it would be a tenth of the start. */
    private static final class Read {
        static final ObjectNode DESCRIPTION = ApiDescription.read();
    }
}

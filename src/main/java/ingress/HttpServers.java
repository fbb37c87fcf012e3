package ingress;

import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;

/**
 * Makes the servers of the relay. Camel Main opens their ports a good while before their routes are there; from the
 * first moment {@link HttpErrors} answers on them, so that a request in between is told to come again. Camel Main finds
 * it in the registry.
 */
public final class HttpServers extends DefaultMainHttpServerFactory {
    @Override
    public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties configuration) {
        return new Answering(context, super.newHttpServer(context, configuration));
    }

    @Override
    public Service newHttpManagementServer(
            CamelContext context, HttpManagementServerConfigurationProperties configuration) {
        return new Answering(context, super.newHttpManagementServer(context, configuration));
    }

    private record Answering(CamelContext context, Service server) implements Service {
        @Override
        public void start() {
            server.start();
            HttpErrors.register(context);
            try {
                // Others find it by its class, the metrics among them.
                context.addService(server);
            } catch (Exception e) {
                throw RuntimeCamelException.wrapRuntimeCamelException(e);
            }
        }

        @Override
        public void stop() {
            server.stop();
        }
    }
}

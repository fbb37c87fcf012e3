package ingress;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.HttpManagementServerConfigurationProperties;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Makes the servers of the relay. Camel Main opens their ports a good while before their routes are there; from the
 * first moment {@link HttpErrors} answers on them, so that a request in between is told to come again. Camel Main finds
 * it in the registry.
 */
public final class HttpServers extends DefaultMainHttpServerFactory {
    /** Bodies are read before anybody asks who sends them. The ids of 500 events have 20 KB, a form of the pages less. */
    private static final long MOST_MANAGEMENT_BYTES = 64 * 1024;

    private final TlsKeystore keystore;

    /** @param keystore for the port of events; null: without TLS */
    public HttpServers(TlsKeystore keystore) {
        this.keystore = keystore;
    }

    /** Of the port of events; empty: without TLS. */
    public Optional<TlsKeystore> keystore() {
        return Optional.ofNullable(keystore);
    }

    @Override
    public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties configuration) {
        MainHttpServer configured = (MainHttpServer) super.newHttpServer(context, configuration);
        MainHttpServer server = new WithFrontDoor(keystore);
        server.setCamelContext(context);
        server.setConfiguration(configured.getConfiguration());
        return new Answering(context, server);
    }

    @Override
    public Service newHttpManagementServer(
            CamelContext context, HttpManagementServerConfigurationProperties configuration) {
        ManagementHttpServer server = (ManagementHttpServer) super.newHttpManagementServer(context, configuration);
        server.setMaxBodySize(MOST_MANAGEMENT_BYTES);
        server.setFileUploadEnabled(false);
        return new Answering(context, server);
    }

    /** Camel's own, but for the server below it. */
    private static final class WithFrontDoor extends MainHttpServer {
        private final TlsKeystore keystore;
        private FrontDoor server;

        private WithFrontDoor(TlsKeystore keystore) {
            this.keystore = keystore;
        }

        @Override
        protected void doInit() throws Exception {
            getConfiguration().setServerType(VertxPlatformHttpRouter.SERVER_TYPE_SERVER);
            server = new FrontDoor(getConfiguration(), keystore);
            getCamelContext().addService(server);
        }

        @Override
        protected void doStart() throws Exception {
            ServiceHelper.startService(server);
            super.doStart();
        }
    }

    /**
     * Camel's own, but that no file of a form is kept. Camel's handler of bodies has Vert.x keep them in the working
     * directory, from whomever they come, whether uploads are enabled or not.
     */
    private static final class WithoutUploads extends VertxPlatformHttpRouter {
        private WithoutUploads(VertxPlatformHttpRouter router) {
            super(router.getServer(), router.vertx(), router, router.getName(), router.getServerType());
        }

        static VertxPlatformHttpRouter of(VertxPlatformHttpRouter router) {
            return router instanceof WithoutUploads ? router : new WithoutUploads(router);
        }

        @Override
        public Handler<RoutingContext> bodyHandler() {
            Handler<RoutingContext> reader =
                    BodyHandler.create(false).setBodyLimit(getServer().getMaxBodySize());
            return request -> {
                request.request().resume();
                reader.handle(request);
            };
        }
    }

    private record Answering(CamelContext context, Service server) implements Service {
        @Override
        public void start() {
            server.start();
            HttpErrors.register(context);
            Registry registry = context.getRegistry();
            registry.findByTypeWithName(VertxPlatformHttpRouter.class).forEach((name, router) -> {
                registry.unbind(name); // or it would have both, being of two classes
                registry.bind(name, WithoutUploads.of(router));
            });
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

package ingress;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of the port that strangers reach: Camel's, with a {@link ConnectionGuard} before its routes, and TLS whose
 * certificate can be replaced while it runs. HTTP/1.1 and no more: what HTTP/2 adds is another way to be slow.
 */
final class FrontDoor extends VertxPlatformHttpServer {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);

    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);
    private static final Duration LONGEST_START = Duration.ofSeconds(30);
    /** A year, in seconds (RFC 6797). */
    private static final String HSTS = "max-age=31536000";

    private final VertxPlatformHttpServerConfiguration configuration;
    private final TlsKeystore keystore;
    private final ConnectionGuard guard = new ConnectionGuard(System::nanoTime);
    private final List<Long> timers = new ArrayList<>();
    /** One for each event loop; they share the port, and Vert.x gives them the connections in turn. */
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    /** Of the keystore's file, as it was read last. */
    private volatile FileTime loaded;

    private volatile String problem;

    /** @param keystore null: without TLS */
    FrontDoor(VertxPlatformHttpServerConfiguration configuration, TlsKeystore keystore) {
        super(configuration);
        this.configuration = configuration;
        this.keystore = keystore;
    }

    @Override
    public HttpServer getServer() {
        return servers.isEmpty() ? null : servers.get(0);
    }

    @Override
    public int getPort() {
        return servers.isEmpty() ? configuration.getPort() : getServer().actualPort();
    }

    @Override
    protected void startServer() throws Exception {
        HttpServerOptions options = options();
        Router router = router();
        // A port that is yet to be chosen cannot be shared.
        int loops = configuration.getBindPort() == 0 ? 1 : Runtime.getRuntime().availableProcessors();
        getVertx()
                .deployVerticle(() -> new Loop(options, router), new DeploymentOptions().setInstances(loops))
                .toCompletionStage()
                .toCompletableFuture()
                .get(LONGEST_START.toMillis(), TimeUnit.MILLISECONDS);
        timers.add(getVertx().setPeriodic(BETWEEN_SWEEPS.toMillis(), due -> guard.sweep()));
        if (keystore != null) {
            timers.add(getVertx()
                    .setPeriodic(BETWEEN_LOOKS.toMillis(), due -> getVertx().executeBlocking(this::reload)));
        }
    }

    @Override
    protected void stopServer() {
        if (!servers.isEmpty()) {
            timers.forEach(getVertx()::cancelTimer);
            getCamelContext().removeComponent(PlatformHttpConstants.PLATFORM_HTTP_COMPONENT_NAME);
            servers.forEach(server ->
                    server.close().toCompletionStage().toCompletableFuture().join());
            servers.clear();
        }
    }

    @Override
    protected void stopVertx() {
        getVertx().close().toCompletionStage().toCompletableFuture().join();
    }

    private HttpServerOptions options() throws IOException {
        HttpServerOptions options =
                new HttpServerOptions().setHttp2ClearTextEnabled(false).setUseAlpn(false);
        if (keystore == null) {
            return options;
        }
        loaded = Files.getLastModifiedTime(keystore.file());
        return TlsKeystore.configure(options, keystore.load());
    }

    private Router router() {
        Router router = Router.router(getVertx());
        router.route().failureHandler(FrontDoor::failed);
        if (keystore != null) {
            router.route().handler(request -> {
                request.response().putHeader("Strict-Transport-Security", HSTS);
                request.next();
            });
        }
        router.route().handler(guard::begin);
        String routes = VertxPlatformHttpRouter.getRouterNameFromPort(configuration.getPort());
        router.route(configuration.getPath() + "*")
                .subRouter(VertxPlatformHttpRouter.lookup(getCamelContext(), routes));
        return router;
    }

    /** Whoever is gone before its request is whole gets no answer, and the log no line for each of them. */
    private static void failed(RoutingContext request) {
        if (!(request.failure() instanceof HttpClosedException)) {
            request.next();
        }
    }

    /** A file that cannot be used is tried again and again, since it may be half there; what is wrong is said once. */
    private Void reload() {
        try {
            FileTime modified = Files.getLastModifiedTime(keystore.file());
            if (!modified.equals(loaded)) {
                serve(keystore.load(), modified);
            }
        } catch (IOException | RuntimeException e) {
            keep(e);
        }
        return null;
    }

    private void serve(TlsKeystore.Identity identity, FileTime modified) {
        getServer()
                .updateSSLOptions(
                        TlsKeystore.configure(new HttpServerOptions(), identity).getSslOptions())
                .onSuccess(done -> {
                    loaded = modified;
                    problem = null;
                    LOG.info("TLS goes on with the certificate of {}", identity);
                })
                .onFailure(this::keep);
    }

    private void keep(Throwable reason) {
        String said = String.valueOf(reason.getMessage());
        if (!said.equals(problem)) {
            problem = said;
            LOG.warn("TLS goes on with the certificate it has; of {}: {}", keystore.file(), said);
        }
    }

    /** An event loop that serves the port: with one alone, the intake would have one processor. */
    private final class Loop extends AbstractVerticle {
        private final HttpServerOptions options;
        private final Router router;

        private Loop(HttpServerOptions options, Router router) {
            this.options = options;
            this.router = router;
        }

        @Override
        public void start(Promise<Void> started) {
            HttpServer server = vertx.createHttpServer(options)
                    .connectionHandler(guard::connected)
                    .requestHandler(router);
            servers.add(server);
            server.listen(configuration.getBindPort(), configuration.getBindHost())
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}

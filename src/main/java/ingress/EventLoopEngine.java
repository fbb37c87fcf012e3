package ingress;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * Serves a platform-http endpoint whose route never blocks before its first asynchronous step: it begins on the event
 * loop that has read the request, where Camel's own consumer would hand each request to a thread that then waits. The
 * route answers as {@link HttpAnswer} does.
 */
public final class EventLoopEngine implements PlatformHttpEngine {
    private final int port;

    public EventLoopEngine(int port) {
        this.port = port;
    }

    @Override
    public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
        return new Consumer(endpoint, processor, VertxPlatformHttpRouter.getRouterNameFromPort(port));
    }

    @Override
    public int getServerPort() {
        return port;
    }

    private static final class Consumer extends VertxPlatformHttpConsumer {
        Consumer(PlatformHttpEndpoint endpoint, Processor processor, String router) {
            super(endpoint, processor, List.of(), router);
        }

        @Override
        protected void handleRequest(RoutingContext request) {
            if (isSuspended()) {
                request.fail(503);
                return;
            }
            Exchange exchange = createExchange(false);
            exchange.setPattern(ExchangePattern.InOut);
            processHttpRequest(exchange, request)
                    .onSuccess(read -> process(exchange, request))
                    .onFailure(request::fail);
        }

        private void process(Exchange exchange, RoutingContext request) {
            Context loop = request.vertx().getOrCreateContext();
            try {
                createUoW(exchange);
            } catch (Exception e) {
                request.fail(e);
                return;
            }
            getAsyncProcessor().process(exchange, sync -> loop.runOnContext(done -> end(exchange, request)));
        }

        private void end(Exchange exchange, RoutingContext request) {
            try {
                answer(exchange, request);
            } finally {
                doneUoW(exchange);
                releaseExchange(exchange, false);
            }
        }

        private static void answer(Exchange exchange, RoutingContext request) {
            HttpServerResponse response = request.response();
            if (response.ended() || response.closed()) {
                return; // by a time-out, or since whoever asked is gone
            }
            if (exchange.getException() != null) {
                request.fail(exchange.getException());
                return;
            }
            Message message = exchange.getMessage();
            response.setStatusCode(message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class));
            message.getHeaders().forEach((name, value) -> {
                if (!name.equals(Exchange.HTTP_RESPONSE_CODE)) {
                    response.putHeader(name, value.toString());
                }
            });
            response.end(Buffer.buffer(message.getBody(ByteBuffer.class).array()));
        }
    }
}

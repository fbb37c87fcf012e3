package operations;

import io.vertx.core.http.HttpServerRequest;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** Who asks for something to be done, in words: as its program calls itself, and from where if that is another machine. */
public final class Caller {
    private static final int LONGEST_NAME = 64;

    private Caller() {}

    static String of(Exchange exchange) {
        HttpServerRequest request = exchange.getMessage(HttpMessage.class).getRequest();
        String agent = request.getHeader("User-Agent");
        String name = agent == null || agent.isBlank() ? "a program" : agent.strip();
        return from(request, name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME));
    }

    /** @param name of what the request came through, such as a page: a browser's own name tells nobody anything */
    public static String from(HttpServerRequest request, String name) {
        return Loopback.isLocal(request)
                ? name
                : name + ", from " + request.remoteAddress().hostAddress();
    }
}

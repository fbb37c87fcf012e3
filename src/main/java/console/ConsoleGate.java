package console;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Before Hawtio: of what the war brings, the parts that nobody needs here are not there, above all its proxy to other
 * servers; no page of another origin can send it anything (Hawtio itself forbids frames); the root leads to it; its pages
 * are configured for the relay.
 */
final class ConsoleGate extends Handler.Wrapper {
    private static final Set<String> CLOSED = Set.of("proxy", "keycloak", "springbatch");
    /** What a browser says of a request of our own pages, or of whoever types an address in. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private static final String CONFIGURATION = HawtioConsole.PATH + "/hawtconfig.json";

    /**
     * Beside Hawtio's own, which lets the editor of its pages come from jsdelivr.net, and which is here: what both let
     * through comes. No script of anybody else runs where an operator is logged in.
     */
    private static final String FROM_HERE_ONLY = "script-src 'self'; script-src-elem 'self';"
            + " style-src 'self' 'unsafe-inline'; style-src-elem 'self' 'unsafe-inline'; font-src 'self' data:";

    private final byte[] configuration;

    /** @param configuration of Hawtio's pages, in place of the one in the war */
    ConsoleGate(Handler hawtio, byte[] configuration) {
        super(hawtio);
        this.configuration = configuration;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        response.getHeaders().add("Cross-Origin-Resource-Policy", "same-origin");
        response.getHeaders().add("Content-Security-Policy", FROM_HERE_ONLY);
        String path = Request.getPathInContext(request);
        if (path == null || path.equals("/")) {
            Response.sendRedirect(request, response, callback, HawtioConsole.PATH + "/");
            return true;
        }
        if (isClosed(path)) {
            Response.writeError(request, response, callback, 404);
            return true;
        }
        if (isForeign(request)) {
            Response.writeError(request, response, callback, 403);
            return true;
        }
        if (path.equals(CONFIGURATION)) {
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
            response.write(true, ByteBuffer.wrap(configuration), callback);
            return true;
        }
        ConsoleLogin.callerIs(Request.getRemoteAddr(request));
        try {
            return super.handle(request, response, callback);
        } finally {
            ConsoleLogin.callerIs(null);
        }
    }

    /** The second part of the path, as the servlets are mapped by. */
    private static boolean isClosed(String path) {
        String[] parts = path.split("/", 4);
        return parts.length > 2 && CLOSED.contains(parts[2].toLowerCase(Locale.ROOT));
    }

    /**
     * Whether a page of another origin sent it. The console's own pages have an Origin that is where they send to, or
     * none; a client that is no browser has none.
     */
    private static boolean isForeign(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        String host = request.getHeaders().get(HttpHeader.HOST);
        boolean isOfOther =
                origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host);
        String site = request.getHeaders().get("Sec-Fetch-Site");
        // Another port of this host is of the same site, so that the cookie comes along, and a GET needs no Origin.
        return isOfOther || isApi(request) && site != null && !OWN_SITES.contains(site);
    }

    /** A link from elsewhere may lead to a page, and not to what the pages ask. */
    private static boolean isApi(Request request) {
        return Request.getPathInContext(request).startsWith(HawtioConsole.PATH + "/jolokia");
    }
}

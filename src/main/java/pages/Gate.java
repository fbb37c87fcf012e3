package pages;

import console.GuessLimit;
import ingress.RejectedRequest;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import operations.Loopback;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may see the pages: without an admin token whoever sits at this machine; with one, whoever has logged in with it, or
 * sends it as a program does. And what a page may do: only a form of our own changes anything.
 */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String BEARER = "Bearer ";

    private final boolean isTokenNeeded;
    /** Null without a token. */
    private final Session session;

    private final GuessLimit guesses = new GuessLimit(System::nanoTime);

    /** @param adminToken empty: none is needed on this machine */
    Gate(String adminToken, Clock clock) {
        this.isTokenNeeded = !adminToken.isEmpty();
        this.session = isTokenNeeded ? new Session(adminToken, clock) : null;
    }

    /**
     * @throws NotAdmitted when a login would help
     * @throws RejectedRequest 403 when it would not
     */
    void admit(Exchange exchange) {
        HttpServerRequest request = request(exchange);
        if (!isTokenNeeded) {
            if (!Loopback.isLocal(request)) {
                throw RejectedRequest.forbidden(
                        "Without RELAY_ADMIN_TOKEN these pages are for browsers on the relay's own machine");
            }
        } else if (!isProved(request)) {
            throw new NotAdmitted();
        }
        if (SameOrigin.isAskedByOthers(request)) {
            throw RejectedRequest.forbidden("These pages answer no page of another site");
        }
        checkForm(request);
    }

    /** @throws RejectedRequest 403 when it is a form that is not one of ours */
    void checkForm(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !hasToken(request) && !SameOrigin.isOwn(request)) {
            throw RejectedRequest.forbidden("This form was sent from a page that is not the relay's");
        }
    }

    boolean isTokenNeeded() {
        return isTokenNeeded;
    }

    private boolean isProved(HttpServerRequest request) {
        return hasSession(request) || hasToken(request);
    }

    private boolean hasSession(HttpServerRequest request) {
        Cookie cookie = request.getCookie(Session.COOKIE);
        return isTokenNeeded && cookie != null && session.isValid(cookie.getValue());
    }

    private boolean hasToken(HttpServerRequest request) {
        String given = request.getHeader("Authorization");
        return isTokenNeeded
                && given != null
                && given.startsWith(BEARER)
                && session.isToken(given.substring(BEARER.length()));
    }

    /** @return the {@code Set-Cookie} of a new session, or null when the token is wrong or was guessed at too often */
    String logIn(HttpServerRequest request, String token) {
        String address = request.remoteAddress().hostAddress();
        if (!isTokenNeeded || !guesses.isRight(address, () -> isToken(token, address))) {
            return null;
        }
        LOG.info("Somebody logged in to the pages from {}", address);
        return cookie(request, session.begin(), Session.LENGTH.toSeconds());
    }

    /** Said of each that is looked at, which are not many. */
    private boolean isToken(String token, String address) {
        boolean isRight = session.isToken(token);
        if (!isRight) {
            LOG.warn("A wrong admin token was given to log in to the pages, from {}", address);
        }
        return isRight;
    }

    /** The {@code Set-Cookie} that makes the browser forget its session. */
    String logOut(HttpServerRequest request) {
        if (hasSession(request)) {
            LOG.info(
                    "Somebody logged out of the pages from {}",
                    request.remoteAddress().hostAddress());
        }
        return cookie(request, "", 0);
    }

    private static String cookie(HttpServerRequest request, String value, long seconds) {
        return Session.COOKIE + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (isOverTls(request) ? "; Secure" : "");
    }

    /** As the browser has it: a proxy may have ended TLS, and some do not say so. */
    private static boolean isOverTls(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return request.isSSL()
                || "https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"))
                || origin != null && origin.startsWith("https://");
    }

    static HttpServerRequest request(Exchange exchange) {
        return exchange.getMessage(HttpMessage.class).getRequest();
    }
}

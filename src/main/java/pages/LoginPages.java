package pages;

import ingress.RejectedRequest;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import org.apache.camel.Exchange;

/** Logging in, with the admin token, and out. */
public final class LoginPages {
    /** Pages of ours: nobody is led elsewhere by a link to the login. */
    private static final String OWN = "/(events(/[^/\\\\\\p{Cntrl}]*)?|health|replay|pause)?(\\?[^\\p{Cntrl}]*)?";

    private static final String WRONG =
            "That is not the admin token, or wrong ones were tried too often in this second. Try again.";

    private final Pages pages;

    public LoginPages(Pages pages) {
        this.pages = pages;
    }

    /** Sends whoever has not logged in to do so, and afterwards to the page that was asked for. */
    public void askFor(Exchange exchange) {
        HttpServerRequest request = Gate.request(exchange);
        boolean isPage = request.method().name().equals("GET");
        PageAnswer.goTo(exchange, "/login?next=" + Filter.encode(isPage ? own(request.uri()) : "/"));
    }

    public void form(Exchange exchange) {
        if (!pages.gate().isTokenNeeded()) {
            PageAnswer.goTo(exchange, "/");
            return;
        }
        answer(exchange, 200, Gate.request(exchange).getParam("next"), "");
    }

    /** @throws RejectedRequest 403 when the form is not ours */
    public void logIn(Exchange exchange) {
        HttpServerRequest request = Gate.request(exchange);
        pages.gate().checkForm(request);
        String next = request.getFormAttribute("next");
        String token = request.getFormAttribute("token");
        String cookie = token == null ? null : pages.gate().logIn(request, token.strip());
        if (cookie == null) {
            answer(exchange, 401, next, WRONG);
            return;
        }
        PageAnswer.goTo(exchange, own(next));
        exchange.getMessage().setHeader("Set-Cookie", cookie);
    }

    /** @throws RejectedRequest 403 when the form is not ours */
    public void logOut(Exchange exchange) {
        HttpServerRequest request = Gate.request(exchange);
        pages.gate().checkForm(request);
        PageAnswer.goTo(exchange, "/login");
        exchange.getMessage().setHeader("Set-Cookie", pages.gate().logOut(request));
    }

    private void answer(Exchange exchange, int status, String next, String problem) {
        Frame frame = pages.frame(exchange, "Log in", "login");
        pages.answer(exchange, status, "login", frame, Map.of("next", own(next), "problem", problem));
    }

    private static String own(String address) {
        return address != null && address.matches(OWN) ? address : "/";
    }
}

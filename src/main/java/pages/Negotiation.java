package pages;

import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Whether a request wants a page or JSON (RFC 9110, section 12.5.1). A browser names {@code text/html}; curl and the
 * command line, which take anything, get JSON.
 */
final class Negotiation {
    private static final String PAGE = "text/html";
    private static final String JSON = "application/json";

    private Negotiation() {}

    static boolean isForPage(Exchange exchange) {
        String accept = exchange.getMessage(HttpMessage.class).getRequest().getHeader("Accept");
        return accept != null && isForPage(accept);
    }

    /** Of two that are wanted as much, the page: nobody but a browser names it. */
    static boolean isForPage(String accept) {
        double page = quality(accept, PAGE);
        return page > 0 && page >= quality(accept, JSON);
    }

    /** How much a type is wanted that is named, from 0 to 1; 0 too when it is not. */
    private static double quality(String accept, String type) {
        for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = range.split(";");
            if (parts[0].strip().equals(type)) {
                return weight(parts);
            }
        }
        return 0;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                return parameter.matches("q=[01](\\.\\d{0,3})?") ? Double.parseDouble(parameter.substring(2)) : 0;
            }
        }
        return 1;
    }
}

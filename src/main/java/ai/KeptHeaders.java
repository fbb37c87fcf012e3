package ai;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.util.CaseInsensitiveMap;

/**
 * The headers of the message from before a request. When an answer breaks off, Camel has put its headers in place of the
 * message's already (HttpProducer, 4.18), and whoever is asked next would know neither the event nor the task.
 */
final class KeptHeaders {
    private static final String KEPT = "RelayAiHeaders";

    private KeptHeaders() {}

    static void keep(Exchange exchange) {
        exchange.setProperty(KEPT, new CaseInsensitiveMap(exchange.getMessage().getHeaders()));
    }

    /** Those that are not there any more come back. */
    static void restore(Exchange exchange) {
        Map<String, Object> headers = exchange.getMessage().getHeaders();
        exchange.getProperty(KEPT, new CaseInsensitiveMap(), CaseInsensitiveMap.class)
                .forEach(headers::putIfAbsent);
    }
}

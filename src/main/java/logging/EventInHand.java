package logging;

import events.Event;
import events.TraceParent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * Which event a thread has in hand, for every line that it logs meanwhile, whoever writes it. As SLF4J's MDC, but that the
 * map is made only when a line is: an event goes through some sixty steps, and says one line.
 */
public final class EventInHand {
    /** The exchange property with what a request's event goes on with (W3C Trace Context). */
    public static final String TRACEPARENT = "RelayTraceparent";

    private static final ThreadLocal<Object> CURRENT = new ThreadLocal<>();
    private static final Scope SAME = () -> {};

    /** While it is open, the thread has the event in hand. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    private EventInHand() {}

    /** A claimed event, at one of its attempts. */
    public static Scope of(Event event) {
        return take(event);
    }

    /** A request, with as much as is known of it. */
    public static Scope of(Exchange request) {
        return take(request);
    }

    private static Scope take(Object inHand) {
        Object before = CURRENT.get();
        if (before == inHand) {
            return SAME;
        }
        CURRENT.set(inHand);
        return () -> {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        };
    }

    /** What there is to say of it, by its name in the log; nothing, where the thread has none. */
    static Map<String, String> fields() {
        Object inHand = CURRENT.get();
        Map<String, String> fields = new LinkedHashMap<>();
        if (inHand instanceof Event event) {
            put(fields, event.site(), event.event(), event.key(), event.requestId(), event.traceparent());
            fields.put("relay.attempt", Integer.toString(event.attempts()));
        } else if (inHand instanceof Exchange request) {
            put(
                    fields,
                    property(request, "RelaySite"),
                    property(request, "RelayEvent"),
                    property(request, "RelayKey"),
                    property(request, "RelayRequestId"),
                    property(request, TRACEPARENT));
        }
        fields.values().removeIf(value -> value == null);
        return fields;
    }

    private static String property(Exchange request, String name) {
        return request.getProperty(name, String.class);
    }

    /** As the Elastic Common Schema names them, and ours below {@code relay}. */
    private static void put(
            Map<String, String> fields, String site, String event, String key, String request, String traceparent) {
        fields.put("relay.site", site);
        fields.put("relay.event", event);
        fields.put("relay.key", key);
        fields.put("http.request.id", request);
        fields.put("trace.id", TraceParent.traceId(traceparent));
    }
}

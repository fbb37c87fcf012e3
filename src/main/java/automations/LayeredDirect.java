package automations;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.camel.Endpoint;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.spi.annotations.Component;

/**
 * {@code direct:} with layers: of several routes from one endpoint, where Camel takes one, the newest gets what is sent
 * there. So a new version of a route takes the place of the old one between two messages, while the old one finishes
 * what it has in hand; and a route of the user's lies over one of the relay's, which is there again when it goes. Nobody
 * waits for a route that is not there ({@code block} and {@code timeout} have no effect): that is told at once.
 */
@Component("direct")
public final class LayeredDirect extends DirectComponent {
    /** By the key of the endpoint, such as {@code direct://on-order.paid}; the newest is the last. */
    private final Map<String, List<DirectConsumer>> layers = new ConcurrentHashMap<>();

    /** Whether there is a route from {@code direct:name}. */
    public boolean has(String name) {
        return layers.containsKey("direct://" + name);
    }

    /** Whether one of the user's routes lies over the relay's own. */
    boolean isReplaced(String name) {
        return layers.getOrDefault("direct://" + name, List.of()).size() > 1;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DirectEndpoint endpoint = new LayeredEndpoint(uri, this);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    public void addConsumer(String key, DirectConsumer consumer) {
        layers.merge(key, List.of(consumer), (below, top) -> Stream.concat(below.stream(), top.stream())
                .toList());
        letProducersLookAgain(key, consumer);
    }

    @Override
    public void removeConsumer(String key, DirectConsumer consumer) {
        layers.computeIfPresent(key, (same, all) -> {
            List<DirectConsumer> left =
                    all.stream().filter(each -> each != consumer).toList();
            return left.isEmpty() ? null : left;
        });
        letProducersLookAgain(key, consumer);
    }

    @Override
    protected DirectConsumer getConsumer(String key, boolean block, long timeout) {
        List<DirectConsumer> all = layers.get(key);
        return all == null ? null : all.get(all.size() - 1);
    }

    /** Producers keep a consumer until a counter changes, which Camel's own removal does; it knows of none itself. */
    private void letProducersLookAgain(String key, DirectConsumer consumer) {
        super.removeConsumer(key, consumer);
    }

    private static final class LayeredEndpoint extends DirectEndpoint implements MultipleConsumersSupport {
        LayeredEndpoint(String uri, DirectComponent component) {
            super(uri, component);
        }

        @Override
        public boolean isMultipleConsumersSupported() {
            return true;
        }
    }
}

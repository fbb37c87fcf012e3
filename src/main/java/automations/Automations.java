package automations;

import org.apache.camel.Header;

/** For routes: which events have an automation of the user's own. */
public final class Automations {
    private final LayeredDirect direct;

    public Automations(LayeredDirect direct) {
        this.direct = direct;
    }

    /** Whether there is a route from {@code direct:on-<event>}. */
    public boolean isOwn(@Header("RelayEvent") String event) {
        return direct.has("on-" + event);
    }

    /** Whether a route of the user's is in place of the relay's from {@code direct:name}. */
    public boolean isReplaced(String name) {
        return direct.isReplaced(name);
    }
}

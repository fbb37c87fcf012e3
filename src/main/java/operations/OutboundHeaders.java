package operations;

import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * Which headers cross an HTTP call of ours: what the relay keeps for itself does not go out, and nothing of an answer
 * comes in, where it could steer the next step (CVE-2025-27636 and kin).
 */
public final class OutboundHeaders extends HttpHeaderFilterStrategy {
    public OutboundHeaders() {
        setOutFilterStartsWith("Camel", "camel", "org.apache.camel.", "Relay", "relay", "JMS", "_AMQ");
        setInFilterPattern(java.util.regex.Pattern.compile(".*"));
    }
}

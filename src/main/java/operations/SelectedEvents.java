package operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ingress.RejectedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;

/** The body {@code {"ids":[…]}} of a request that names events. */
final class SelectedEvents {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SelectedEvents() {}

    /**
     * @return null when there is no body
     * @throws RejectedRequest 400, 415 or 422 for a body that is something else
     */
    static List<UUID> of(Exchange exchange, int most) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        if (body == null || body.length == 0) {
            return null;
        }
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw RejectedRequest.unsupportedMediaType();
        }
        JsonNode ids = read(body).path("ids");
        if (!ids.isArray() || ids.isEmpty() || ids.size() > most) {
            throw RejectedRequest.invalidParameter("ids", "must be a list of 1 to " + most + " ids of events");
        }
        Set<UUID> selected = new LinkedHashSet<>();
        ids.forEach(id -> selected.add(id(id)));
        return List.copyOf(selected);
    }

    private static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw RejectedRequest.invalidJson();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static UUID id(JsonNode id) {
        try {
            return UUID.fromString(id.asText());
        } catch (IllegalArgumentException e) {
            throw RejectedRequest.invalidParameter("ids", "must be ids of events");
        }
    }
}

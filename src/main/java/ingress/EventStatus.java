package ingress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Event;
import java.util.LinkedHashMap;
import java.util.Map;

/** How an event went, as it is told over HTTP (contract, section 3). */
public final class EventStatus {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EventStatus() {}

    public static Map<String, Object> of(Event event) throws JsonProcessingException {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("id", event.id());
        status.put("event", event.event());
        status.put("status", event.status());
        status.put("attempts", event.attempts());
        status.put("received_at", event.receivedAt());
        status.put("finished_at", event.finishedAt());
        status.put("error", event.error());
        status.put("result", event.result() == null ? null : JSON.readTree(event.result()));
        return status;
    }
}

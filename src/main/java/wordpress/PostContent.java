package wordpress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ingress.Normalizer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;

/** Completes an event that came without content from what the site's REST API says of the post. */
public final class PostContent {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * In: a post as {@code wp/v2/posts} answers it, the event as the exchange property {@code RelayPayload}. Out: the
     * event with {@code content} and {@code excerpt}.
     */
    @SuppressWarnings("unchecked")
    public void complete(Exchange exchange) throws IOException {
        JsonNode post = JSON.readTree(exchange.getMessage().getBody(byte[].class));
        if (!post.path("content").path("rendered").isTextual()) {
            throw new IOException("WordPress answered for the post without its content");
        }
        Map<String, Object> event = new LinkedHashMap<>(exchange.getProperty("RelayPayload", Map.class));
        event.put("content", post.path("content").path("rendered").textValue());
        event.putIfAbsent("excerpt", post.path("excerpt").path("rendered").asText(""));
        exchange.getMessage().setBody(Normalizer.normalize(event));
    }
}

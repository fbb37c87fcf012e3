package logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.Event;
import events.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What becomes of a line: in both formats, with the event that is in hand, and with nobody else's. */
class LinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    /** A line break, an escape sequence that clears the screen, a separator, and one that turns the text around. */
    private static final String HOSTILE = "x\r\n2026-01-01T00:00:00Z INFO  all is well\u001b[2J\u2028\u202Ey";

    private static Event event(String key) {
        return new Event(
                UUID.randomUUID(),
                "shop",
                key,
                "post.published",
                new byte[0],
                "request-" + key,
                "00-" + TRACE + "-00f067aa0ba902b7-01",
                "processing",
                3,
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static LoggingEvent line(String message, Throwable failure) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        return new LoggingEvent("", context.getLogger("events.Failures"), Level.ERROR, message, failure, null);
    }

    private static String json(String message, Throwable failure) {
        JsonLines encoder = new JsonLines();
        encoder.setServiceName("ai-relay");
        encoder.start();
        return new String(encoder.encode(line(message, failure)), StandardCharsets.UTF_8);
    }

    /** As logback.xml has it. */
    private static String plain(String message, Throwable failure) throws IOException {
        String xml = Files.readString(Path.of("src", "main", "resources", "logback.xml"));
        Matcher pattern = Pattern.compile("<pattern>(.*)</pattern>").matcher(xml);
        assertTrue(pattern.find());
        PatternLayout layout = new PatternLayout();
        layout.setContext(new LoggerContext());
        layout.getInstanceConverterMap().put("oneLine", OneLine::new);
        layout.getInstanceConverterMap().put("inHand", InHandConverter::new);
        layout.setPattern(pattern.group(1));
        layout.start();
        return layout.doLayout(line(message, failure));
    }

    @Test
    void a_line_of_json_has_the_names_that_collectors_know_and_the_event_in_hand() throws IOException {
        try (EventInHand.Scope inHand = EventInHand.of(event("key-1"))) {
            JsonNode line = JSON.readTree(json("It failed", new IllegalStateException("why")));
            assertTrue(
                    line.get("@timestamp").textValue().matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z"),
                    line.get("@timestamp").textValue());
            assertEquals("It failed", line.get("message").textValue());
            assertEquals("ERROR", line.get("log.level").textValue());
            assertEquals("events.Failures", line.get("log.logger").textValue());
            assertEquals("ai-relay", line.get("service.name").textValue());
            assertEquals("why", line.get("error.message").textValue());
            assertEquals("shop", line.get("relay.site").textValue());
            assertEquals("post.published", line.get("relay.event").textValue());
            assertEquals("key-1", line.get("relay.key").textValue());
            assertEquals("3", line.get("relay.attempt").textValue());
            assertEquals("request-key-1", line.get("http.request.id").textValue());
            assertEquals(TRACE, line.get("trace.id").textValue());
        }
        assertFalse(JSON.readTree(json("Nothing in hand", null)).has("relay.key"));
    }

    @Test
    void nothing_that_comes_from_outside_makes_a_second_line() throws IOException {
        try (EventInHand.Scope inHand = EventInHand.of(event(HOSTILE))) {
            for (String text : List.of(
                    json(HOSTILE, new IllegalStateException(HOSTILE)),
                    plain(HOSTILE, new IllegalStateException(HOSTILE)))) {
                assertTrue(text.endsWith("\n"), text);
                assertEquals(1, text.lines().count(), text);
                assertFalse(text.contains("\u001b"), text);
                assertFalse(text.contains("\r"), text);
            }
            assertTrue(plain("It failed", null).contains("It failed [relay.site=shop"), plain("It failed", null));
            assertFalse(plain(HOSTILE, null).matches("(?s).*[\\u2028\\u202E].*"));
            assertEquals(
                    HOSTILE, JSON.readTree(json(HOSTILE, null)).get("message").textValue());
        }
    }

    @Test
    void a_thread_says_of_each_event_what_is_its_own_wherever_a_route_takes_it() throws Exception {
        Map<String, String> said = new ConcurrentHashMap<>();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getCamelContextExtension().addInterceptStrategy(new LoggedSteps());
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:automation")
                            .split(constant(List.of("a", "b")))
                            .parallelProcessing()
                            .process(exchange ->
                                    note("part-" + exchange.getMessage().getBody(), exchange))
                            .end()
                            .to("seda:later?concurrentConsumers=1");
                    from("seda:later?concurrentConsumers=1")
                            .process(exchange -> note("later", exchange))
                            .threads(1)
                            .process(exchange -> note("threads", exchange));
                    from("direct:chore").process(exchange -> said.put("chore", EventInHand.fields() + ""));
                }

                private void note(String where, org.apache.camel.Exchange exchange) {
                    Event event = exchange.getProperty(Failures.EVENT, Event.class);
                    said.put(where + " " + event.key(), EventInHand.fields().getOrDefault("relay.key", "nothing"));
                }
            });
            context.start();
            try (ProducerTemplate producer = context.createProducerTemplate()) {
                for (String key : List.of("one", "two")) {
                    producer.send("direct:automation", each -> each.setProperty(Failures.EVENT, event(key)));
                }
                producer.sendBody("direct:chore", "");
            }
            Awaitility.await().until(() -> said.size() == 9);
        }
        said.forEach((where, key) ->
                assertTrue(where.equals("chore") ? key.equals("{}") : where.endsWith(" " + key), where + ": " + key));
        assertEquals(Map.of(), EventInHand.fields());
    }
}

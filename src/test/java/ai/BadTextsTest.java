package ai;

import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ingress.Normalizer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts that nobody expects, through each task, on the local AI and on a server. */
class BadTextsTest extends AskRoutesSupport {

    private static final Map<String, String> TASKS = Map.of(
            "enrich_post",
            "{\"summary\":\"s\",\"seo_title\":\"t\",\"seo_description\":\"d\",\"keywords\":[],\"language\":\"und\"}",
            "moderate_comment",
            VERDICT,
            "qualify_lead",
            "{\"category\":\"other\",\"score\":0,\"summary\":\"s\"}");

    private static Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("empty", "");
        texts.put("blank", " \n\t\u00a0\u200b");
        texts.put("one word", "Bridge");
        texts.put("2 MB", "The council met on Monday and talked about the old bridge. ".repeat(35_000));
        texts.put("2 MB without a blank", "x".repeat(2_000_000));
        texts.put("all markup", "<div><p></p><br><img src='x'><script>alert(1)</script><!-- no --></div>");
        texts.put("markup that does not end", "<div ".repeat(2_000));
        texts.put("mixed languages", "The bridge is closed. Die Brücke ist zu. Le pont est fermé. 桥梁关闭了。 Мост закрыт.");
        texts.put("right to left", "أُغلق الجسر القديم يوم الاثنين. \u202Eهذا نص\u202C آخر، والمجلس يجتمع غدا.");
        texts.put("only emoji", "😀👍🏽👨‍👩‍👧‍👦🇩🇪 ❤️");
        texts.put("half a character", "\uD83D bridge \uDE00");
        texts.put("controls", "\u0000\u0001\u001b[31m\u0007");
        return texts;
    }

    static Stream<Arguments> cases() {
        return TASKS.keySet().stream().sorted().flatMap(task -> texts().entrySet().stream()
                .map(text -> Arguments.of(task, text.getKey(), event(task, text.getValue()))));
    }

    /** As an automation gets it. */
    private static Map<String, Object> event(String task, String text) {
        Map<String, Object> event =
                switch (task) {
                    case "enrich_post" -> Map.of("title", text, "content", text);
                    case "qualify_lead" -> Map.of("form", text, "fields", Map.of("message", text));
                    default -> Map.of("content", text);
                };
        return Normalizer.normalize(event);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void the_local_ai_answers_within_the_limits(String task, String name, Map<String, Object> event) {
        Exchange asked = template.request("direct:ask-local", exchange -> {
            exchange.getMessage().setHeader("RelayAiTask", task);
            exchange.getMessage().setBody(event);
        });
        assertNull(asked.getException());
        Object answer = asked.getMessage().getBody();
        assertEquals(answer, new AnswerValidator(new TaskCatalog()).validate(task, event, answer));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void a_server_is_asked_about_what_the_prompt_allows(String task, String name, Map<String, Object> event)
            throws IOException {
        answers(completion(TASKS.get(task), "stop"));
        Exchange asked = template.request("direct:ask-ai", exchange -> {
            comment(exchange);
            exchange.getMessage().setHeader("RelayAiTask", task);
            exchange.getMessage().setBody(event);
        });
        assertNull(asked.getException());
        byte[] request =
                SERVER.findAll(postRequestedFor(urlEqualTo(PATH))).get(0).getBody();
        JsonNode data = new ObjectMapper()
                .readTree(new ObjectMapper()
                        .readTree(request)
                        .at("/messages/1/content")
                        .asText());
        data.findValuesAsText("content")
                .forEach(text ->
                        assertTrue(text.length() <= new TaskCatalog().of(task).characters()));
    }
}

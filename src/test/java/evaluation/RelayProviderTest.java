package evaluation;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import evaluation.Provider.Answer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A server is asked as a relay asks it. */
class RelayProviderTest {

    @RegisterExtension
    static final WireMockExtension SERVER = WireMockExtension.newInstance()
            .options(wireMockConfig().dynamicPort())
            .build();

    @Test
    void an_answer_is_checked_and_one_of_no_use_is_counted(@TempDir(cleanup = CleanupMode.NEVER) Path directory)
            throws Exception {
        Map<String, String> environment = Map.of("AI_BASE_URL", SERVER.baseUrl() + "/v1", "AI_MODEL", "m-1");
        try (RelayProvider provider = new RelayProvider("openai", directory, environment)) {
            says("{\\\"verdict\\\":\\\"spam\\\",\\\"confidence\\\":0.9,\\\"reason\\\":\\\"Pills.\\\"}");
            assertEquals(
                    new Answer(Map.of("verdict", "spam", "confidence", 0.9, "reason", "Pills."), true), ask(provider));
            // Its route cleans an answer; what is scored is how it came.
            says("{\\\"verdict\\\":\\\"hold\\\",\\\"confidence\\\":0.9,\\\"reason\\\":\\\"<b>Pills.</b>\\\"}");
            assertEquals(
                    new Answer(Map.of("verdict", "hold", "confidence", 0.9, "reason", "Pills."), false), ask(provider));
            answers(aResponse().withStatus(400));
            assertEquals(Answer.NONE, ask(provider));
            assertTrue(provider.failures().containsValue(1), provider.failures().toString());
        }
    }

    private static Answer ask(RelayProvider provider) {
        return provider.answer("moderate_comment", Map.of("content", "Buy pills"));
    }

    private static void says(String content) {
        answers(okJson("{\"model\":\"m-1\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\",\"message\":"
                + "{\"role\":\"assistant\",\"content\":\"" + content + "\"}}],\"usage\":{}}"));
    }

    private static void answers(ResponseDefinitionBuilder answer) {
        SERVER.stubFor(post(urlEqualTo("/v1/chat/completions")).willReturn(answer));
    }
}

package operations;

import automations.AutomationsDirectory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which AI is asked, and who after it.
 *
 * @param fallback who is asked when the provider has no answer, one after another
 * @param baseUrl without a trailing slash, of the server of {@code openai}
 * @param togetherWait how long an event waits for others to be asked about in the same request; zero: none does
 * @param apiVersion what Azure wants in the address of each request; empty: nothing
 */
public record AiSettings(
        String provider,
        List<String> fallback,
        String baseUrl,
        String apiVersion,
        String apiKey,
        String model,
        Duration timeout,
        Duration togetherWait) {
    private static final Duration LONGEST_TOGETHER_WAIT = Duration.ofSeconds(5);
    /** Not an AI: what becomes of an event when none has an answer. */
    private static final String HOLD = "hold";

    /** Everybody who is asked, in that order. */
    public List<String> providers() {
        return Stream.concat(Stream.of(provider), fallback.stream()).toList();
    }

    static AiSettings of(SettingsSource source, AutomationsDirectory automations) {
        List<String> known = automations.providers();
        AzureAddress server = AzureAddress.of(source, "AI_BASE_URL");
        AiSettings ai = new AiSettings(
                source.oneOf("AI_PROVIDER", known.toArray(String[]::new)),
                source.listOf(
                        "AI_FALLBACK",
                        Stream.concat(known.stream(), Stream.of(HOLD)).toArray(String[]::new)),
                server.baseUrl(),
                server.apiVersion(),
                source.text("AI_API_KEY").strip(),
                source.text("AI_MODEL").strip(),
                source.duration("AI_TIMEOUT"),
                source.durationUpTo("AI_TOGETHER_WAIT", LONGEST_TOGETHER_WAIT));
        checkChain(ai);
        if (ai.providers().contains("openai") && ai.baseUrl().isEmpty()) {
            throw SettingsException.wrong("AI_BASE_URL", "", "the server to ask, since openai is" + named(ai));
        }
        if (ai.providers().contains("openai") && ai.model().isEmpty()) {
            throw SettingsException.wrong("AI_MODEL", "", "the model to ask, since openai is" + named(ai));
        }
        return ai;
    }

    private static String named(AiSettings ai) {
        return ai.provider().equals("openai") ? " the AI_PROVIDER" : " in AI_FALLBACK";
    }

    private static void checkChain(AiSettings ai) {
        List<String> providers = ai.providers();
        int hold = providers.indexOf(HOLD);
        if (hold >= 0 && hold < providers.size() - 1 || Set.copyOf(providers).size() < providers.size()) {
            throw SettingsException.wrong(
                    "AI_FALLBACK",
                    String.join(",", ai.fallback()),
                    "others than AI_PROVIDER, each once, and " + HOLD + " the last of them");
        }
    }
}

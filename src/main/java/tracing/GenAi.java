package tracing;

import io.opentelemetry.api.trace.Span;
import org.apache.camel.Message;

/** What OpenTelemetry's conventions for generative AI call what was asked and what it took. No prompt, and no answer. */
final class GenAi {
    private GenAi() {}

    static void describe(Span span, Message message) {
        span.setAttribute("gen_ai.provider.name", message.getHeader("RelayAiProvider", String.class))
                .setAttribute("gen_ai.response.model", message.getHeader("RelayAiModel", String.class));
        tokens(span, "gen_ai.usage.input_tokens", message.getHeader("RelayAiTokensIn", Long.class));
        tokens(span, "gen_ai.usage.output_tokens", message.getHeader("RelayAiTokensOut", Long.class));
    }

    private static void tokens(Span span, String name, Long tokens) {
        if (tokens != null) {
            span.setAttribute(name, tokens);
        }
    }
}

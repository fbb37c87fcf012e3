package ai;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which {@code response_format} a model of a server knows. Not all know {@code json_schema}, and those that do not say so
 * with a 400 or a 422, each in its own words; that is remembered, so that not every question is asked in vain first.
 */
public final class ChatFormats {

    /** The ways to ask for JSON, the best one first. */
    enum Format {
        JSON_SCHEMA,
        JSON_OBJECT,
        TEXT;

        private static final Format[] ALL = values();

        boolean isLast() {
            return this == TEXT;
        }

        Format next() {
            return ALL[ordinal() + 1];
        }
    }

    /** The exchange property with the {@link Format} of the request that is under way. */
    static final String FORMAT = "RelayChatFormat";

    /** Servers are updated, and models changed behind a name. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    // OpenAI and Azure: "'response_format' of type 'json_schema' is not supported with this model". Groq, LM Studio,
    // xAI
    // and FastAPI's servers (vLLM) name the parameter too; others only what it stands for.
    private static final Pattern ABOUT_FORMAT =
            Pattern.compile("(?i)response[ _]?format|json[ _]?(?:schema|object|mode)|structured[ _-]?outputs?|grammar");

    private static final Logger LOG = LoggerFactory.getLogger(ChatFormats.class);

    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(Format format, Instant until) {}

    public ChatFormats(Clock clock) {
        this.clock = clock;
    }

    /** The best format that the model is not known to refuse; it is that of the request that is written next. */
    Format use(Exchange exchange) {
        Known remembered = known.get(model(exchange));
        boolean isValid = remembered != null && clock.instant().isBefore(remembered.until());
        Format format = isValid ? remembered.format() : Format.JSON_SCHEMA;
        exchange.setProperty(FORMAT, format);
        return format;
    }

    /**
     * After a 400 or a 422: the next request is in the next format.
     *
     * @throws HttpOperationFailedException the failure itself, when it is not about the format or there is no other
     */
    public void useNext(Exchange exchange) throws HttpOperationFailedException {
        HttpOperationFailedException refused =
                exchange.getProperty(Exchange.EXCEPTION_CAUGHT, HttpOperationFailedException.class);
        Format format = exchange.getProperty(FORMAT, Format.class);
        String answer = refused.getResponseBody();
        if (format.isLast() || answer == null || !ABOUT_FORMAT.matcher(answer).find()) {
            throw refused;
        }
        String model = model(exchange);
        LOG.info("{} does not know {}: it is asked for {}", model, format, format.next());
        known.put(model, new Known(format.next(), clock.instant().plus(REMEMBERED)));
    }

    private static String model(Exchange exchange) {
        return exchange.getMessage().getHeader("RelayAiProvider") + " "
                + exchange.getMessage().getHeader("RelayAiModel");
    }
}

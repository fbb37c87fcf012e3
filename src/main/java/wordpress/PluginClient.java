package wordpress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import events.FailureReason;
import http.PlainHttpClient;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import sites.Site;

/**
 * Asks the plugin of a site something for the relay itself (contract, section 5), with both proofs. That is apart from the
 * requests of events: no event waits for its connections, and a site that is paused or silent is asked all the same.
 * Follows no redirect.
 */
public final class PluginClient implements Closeable {
    /** What the plugin answers is some hundred bytes, and 10 KB with 500 numbers. */
    private static final int LONGEST_ANSWER = 64 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final CloseableHttpClient http;
    private final Duration longest;
    private final Clock clock;
    private final UnaryOperator<String> redact;

    /**
     * How a site answered.
     *
     * @param status 0 where there was no HTTP answer, or the relay did not ask
     * @param body null where it was not a JSON object, or a long one
     * @param error a sentence for the site's owner where there was no answer, or null
     */
    public record Answer(int status, ObjectNode body, String error) {
        boolean isOk() {
            return status == HttpStatus.SC_OK && body != null;
        }
    }

    /**
     * @param longest how long a request and its whole answer may take
     * @param redact takes secrets out of a text that comes from elsewhere
     */
    public PluginClient(
            HttpClientConnectionManager connections, Duration longest, Clock clock, UnaryOperator<String> redact) {
        HttpClientBuilder builder = HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setConnectionManagerShared(true)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(longest))
                        .setResponseTimeout(Timeout.of(longest))
                        .build());
        PlainHttpClient.configure(builder, longest);
        this.http = builder.build();
        this.longest = longest;
        this.clock = clock;
        this.redact = redact;
    }

    /** @param path below the REST API, such as {@code /ai-relay/v1/check} */
    public static String url(Site site, String path) {
        return site.url() + "/wp-json" + path;
    }

    /** Asks; whatever goes wrong is an answer too. */
    public Answer ask(Site site, String path, byte[] body) {
        try {
            HttpPost request = new HttpPost(url(site, path));
            request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
            prove(site, clock.instant(), body, request::setHeader);
            return http.execute(request, PluginClient::read);
        } catch (IOException | RuntimeException e) {
            return new Answer(0, null, redact.apply(sentence(e)));
        }
    }

    /**
     * Proves to a site who asks: signature and login, as far as the relay has them for it.
     *
     * @param header takes the name and the value of each header
     */
    static void prove(Site site, Instant now, byte[] body, BiConsumer<String, String> header) {
        String signature = site.sign(now, body);
        if (!signature.isEmpty()) {
            header.accept("X-WP-Timestamp", Long.toString(now.getEpochSecond()));
            header.accept("X-WP-Signature", signature);
        }
        if (site.basicAuthorization() != null) {
            header.accept("Authorization", site.basicAuthorization());
        }
    }

    private static Answer read(ClassicHttpResponse response) throws IOException {
        byte[] content = response.getEntity() == null
                ? new byte[0]
                : response.getEntity().getContent().readNBytes(LONGEST_ANSWER + 1);
        if (content.length > LONGEST_ANSWER) {
            response.close(); // or the rest of it would be read
        }
        return new Answer(response.getCode(), object(content), null);
    }

    private static ObjectNode object(byte[] content) throws IOException {
        try {
            return content.length <= LONGEST_ANSWER && JSON.readTree(content) instanceof ObjectNode object
                    ? object
                    : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private String sentence(Exception failure) {
        if (failure instanceof PrivateAddressException) {
            return failure.getMessage() + ".";
        }
        if (failure instanceof UnknownHostException) {
            return "The relay does not find the host " + failure.getMessage() + ".";
        }
        if (failure instanceof SocketTimeoutException) {
            return "The site did not answer within " + longest.toSeconds() + " s.";
        }
        if (failure instanceof SSLException) {
            return "TLS does not work: " + FailureReason.rootLine(failure) + ".";
        }
        return "There is no connection, or it broke off: " + FailureReason.rootLine(failure) + ".";
    }

    @Override
    public void close() throws IOException {
        http.close();
    }
}

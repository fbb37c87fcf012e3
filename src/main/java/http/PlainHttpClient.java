package http;

import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * An HTTP client that does what it is told, once. By itself it would repeat a request, sit out a {@code Retry-After} on
 * the worker's thread and keep cookies; what is tried again, and when, is for failure-policy to say. An exchange without
 * end is ended ({@link BoundedExchange}), compressed answers are not asked for.
 */
public final class PlainHttpClient implements HttpClientConfigurer {
    /** As long as a worker waits for the first byte: camel.component.http.responseTimeout. */
    private static final Duration LONGEST_EXCHANGE = Duration.ofSeconds(30);

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        configure(client, LONGEST_EXCHANGE);
    }

    /**
     * For other configurers, which add to it.
     *
     * @param longest how long a request and its whole answer may take
     */
    public static void configure(HttpClientBuilder client, Duration longest) {
        client.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression();
        client.addExecInterceptorFirst("bounded-exchange", new BoundedExchange(longest));
    }
}

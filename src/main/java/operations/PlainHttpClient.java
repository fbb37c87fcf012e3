package operations;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * An HTTP client that does what it is told, once. By itself it would repeat a request, sit out a {@code Retry-After} on
 * the worker's thread and keep cookies; what is tried again, and when, is for failure-policy to say.
 */
public final class PlainHttpClient implements HttpClientConfigurer {
    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries().disableRedirectHandling().disableCookieManagement();
    }
}

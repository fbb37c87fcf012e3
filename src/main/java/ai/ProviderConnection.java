package ai;

import http.JvmTls;
import http.PlainHttpClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP client of an AI server. It holds the key, so that the key is in no message, endpoint address or log; and it
 * leaves retries to the failure policy: by itself it would sit out a {@code Retry-After} on the worker's thread.
 */
public class ProviderConnection implements HttpClientConfigurer {

    private static final int CONNECTIONS = 20;

    /** Bearer tokens are of another kind there; an API key has a header of its own. */
    private static final String AZURE = ".azure.com";

    private final Header key;
    private final Duration longest;

    /**
     * Sets up a connection.
     *
     * @param baseUrl the server's address, or empty
     * @param key sent as a bearer token (RFC 6750), to Azure as {@code api-key}; null or blank for a server that asks for
     *     none
     * @param longest how long a whole answer may take
     */
    public ProviderConnection(String baseUrl, String key, Duration longest) {
        this.key = key == null || key.isBlank() ? null : header(baseUrl, key.strip());
        this.longest = longest;
    }

    private static Header header(String baseUrl, String key) {
        String host = baseUrl.isEmpty() ? "" : URI.create(baseUrl).getHost().toLowerCase(Locale.ROOT);
        return host.endsWith(AZURE)
                ? new BasicHeader("api-key", key)
                : new BasicHeader("Authorization", "Bearer " + key);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        PlainHttpClient.configure(client, longest);
        Timeout timeout = Timeout.of(longest);
        client.setDefaultRequestConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(timeout)
                .setResponseTimeout(timeout)
                .build());
        client.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(new JvmTls())
                .setMaxConnPerRoute(CONNECTIONS)
                .setMaxConnTotal(CONNECTIONS)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .build())
                .build());
        client.setConnectionManagerShared(false);
        if (key != null) {
            client.setDefaultHeaders(List.of(key));
        }
    }
}

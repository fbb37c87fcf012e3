package ai;

import java.time.Duration;
import java.util.List;
import operations.JvmTls;
import operations.PlainHttpClient;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP client of an AI server. It holds the key, so that the key is in no message, endpoint address or log; and it
 * leaves retries to the failure policy: by itself it would sit out a {@code Retry-After} on the worker's thread.
 */
public class ProviderConnection implements HttpClientConfigurer {

    private static final int CONNECTIONS = 20;

    private final String key;
    private final Duration longest;

    /**
     * Sets up a connection.
     *
     * @param key sent as a bearer token (RFC 6750); null or blank for a server that asks for none
     * @param longest how long a whole answer may take
     */
    public ProviderConnection(String key, Duration longest) {
        this.key = key;
        this.longest = longest;
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
        if (key != null && !key.isBlank()) {
            client.setDefaultHeaders(List.of(new BasicHeader("Authorization", "Bearer " + key.strip())));
        }
    }
}

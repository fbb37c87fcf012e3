package operations;

import java.io.IOException;
import java.io.InputStream;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * An HTTP client that does what it is told, once. By itself it would repeat a request, sit out a {@code Retry-After} on
 * the worker's thread and keep cookies; what is tried again, and when, is for failure-policy to say. An answer without
 * end ends at {@link #MOST_BYTES}, compressed ones are not asked for.
 */
public final class PlainHttpClient implements HttpClientConfigurer {
    /** No post or model answer comes near it. */
    private static final long MOST_BYTES = 4L * 1024 * 1024;

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        configure(client);
    }

    /** For other configurers, which add to it. */
    public static void configure(HttpClientBuilder client) {
        client.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression();
        client.addExecInterceptorLast(
                "bounded-answer", (request, scope, chain) -> bounded(chain.proceed(request, scope)));
    }

    private static ClassicHttpResponse bounded(ClassicHttpResponse response) throws IOException, HttpException {
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            response.setEntity(new BoundedEntity(entity));
        }
        return response;
    }

    private static final class BoundedEntity extends HttpEntityWrapper {
        BoundedEntity(HttpEntity entity) {
            super(entity);
        }

        @Override
        public InputStream getContent() throws IOException {
            return new BoundedStream(super.getContent());
        }
    }

    private static final class BoundedStream extends java.io.FilterInputStream {
        private long left = MOST_BYTES;

        BoundedStream(InputStream stream) {
            super(stream);
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            count(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int octets) throws IOException {
            left -= octets;
            if (left < 0) {
                throw new IOException("an answer is longer than " + MOST_BYTES + " bytes");
            }
        }
    }
}

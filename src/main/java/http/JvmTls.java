package http;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * TLS of the HTTP clients as the JVM has it, with its trust store. That is read by the first connection that needs it,
 * and once: a client that reads it when it is made takes a tenth of the relay's start.
 */
public final class JvmTls implements TlsSocketStrategy {
    private static final class Read {
        static final TlsSocketStrategy STRATEGY = DefaultClientTlsStrategy.createDefault();
    }

    @Override
    public SSLSocket upgrade(Socket socket, String target, int port, Object attachment, HttpContext context)
            throws IOException {
        return Read.STRATEGY.upgrade(socket, target, port, attachment, context);
    }
}

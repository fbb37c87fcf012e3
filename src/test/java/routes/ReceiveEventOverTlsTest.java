package routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ingress.TestKeystore;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's table once more, over TLS, and what TLS brings with it. */
class ReceiveEventOverTlsTest extends ReceiveEventContract {
    private static TestKeystore keystore;

    @Override
    TestRelay newRelay() {
        keystore = TestKeystore.create(dataDir.resolve("relay.p12"), "first");
        return new TestRelay(dataDir).with(keystore);
    }

    private static SSLSocket socket(SSLContext trust) throws IOException {
        return (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", relay.port());
    }

    private static String served(SSLContext trust) throws Exception {
        try (SSLSocket socket = socket(trust)) {
            socket.startHandshake();
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void this_version_of_tls_is_spoken(String version) throws Exception {
        try (SSLSocket socket = socket(keystore.trust())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            assertEquals(version, socket.getSession().getProtocol());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"})
    void a_suite_without_authenticated_encryption_is_not_spoken(String suite) throws Exception {
        try (SSLSocket socket = socket(keystore.trust())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {suite});
            assertThrows(SSLHandshakeException.class, socket::startHandshake);
        }
    }

    @Test
    void every_answer_asks_for_tls_from_now_on() {
        for (String path : new String[] {"/webhooks/wp", "/somewhere"}) {
            assertEquals(
                    "max-age=31536000",
                    client.call("GET", path, Map.of(), BodyPublishers.noBody()).header("Strict-Transport-Security"));
        }
    }

    @Test
    void whoever_speaks_without_tls_gets_no_answer() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", relay.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET /webhooks/wp HTTP/1.1\r\nHost: relay\r\n\r\n".getBytes());
            assertTrue(!new String(socket.getInputStream().readAllBytes()).contains("HTTP"));
        }
    }

    @Test
    void a_new_certificate_is_served_while_requests_go_on_and_a_broken_one_is_not() throws Exception {
        Files.writeString(keystore.file(), "half a file");
        TestKeystore second = TestKeystore.create(dataDir.resolve("second.p12"), "second");
        SSLContext trust = second.trust();
        String key = Samples.key();
        assertEquals(202, client.send(key, Samples.post(key).toString()).status());
        second.replace(keystore);
        Awaitility.await().ignoreExceptions().until(() -> served(trust).equals("CN=second"));
        assertEquals(202, relay.client().send(key, Samples.post(key).toString()).status());
    }
}

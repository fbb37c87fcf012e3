package ingress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * The certificate and the key with which the relay answers over TLS. A file that begins as PEM has both in it, the key
 * without a password, the certificate followed by those that lead to a known authority; any other is PKCS#12.
 */
public final class TlsKeystore {
    /** RFC 9325, section 3.1.1. */
    static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    /** RFC 9325, section 4.2: forward secrecy and authenticated encryption, and nothing else. */
    static final List<String> CIPHER_SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String PEM = "-----BEGIN ";
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");

    private final Path file;
    private final String password;
    private volatile Instant expires;

    /** What was in the file when it was read, and is good. */
    public record Identity(KeyCertOptions options, X509Certificate certificate) {
        /** For the operator: whose it is and how long. */
        @Override
        public String toString() {
            return certificate.getSubjectX500Principal() + ", valid until "
                    + certificate.getNotAfter().toInstant();
        }
    }

    /** @param password of the PKCS#12 file; not used with PEM */
    public TlsKeystore(Path file, String password) {
        this.file = file;
        this.password = password;
    }

    /** Of the certificate that was good when it was loaded last; null before. */
    public Instant expires() {
        return expires;
    }

    Path file() {
        return file;
    }

    /** @throws IOException with what is wrong with the file, in words for an operator */
    public Identity load() throws IOException {
        byte[] content = content();
        KeyCertOptions options = isPem(content) ? pem(content) : pkcs12(content);
        X509Certificate certificate = certificate(options);
        try {
            certificate.checkValidity(new Date());
        } catch (CertificateException e) {
            throw new IOException(
                    "its certificate is valid from "
                            + certificate.getNotBefore().toInstant() + " until "
                            + certificate.getNotAfter().toInstant() + ", and not now",
                    e);
        }
        expires = certificate.getNotAfter().toInstant();
        return new Identity(options, certificate);
    }

    static HttpServerOptions configure(HttpServerOptions options, Identity identity) {
        CIPHER_SUITES.forEach(options::addEnabledCipherSuite);
        return options.setSsl(true)
                .setEnabledSecureTransportProtocols(PROTOCOLS)
                .setKeyCertOptions(identity.options());
    }

    private byte[] content() throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException("it cannot be read", e);
        }
    }

    private static boolean isPem(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).contains(PEM);
    }

    private static KeyCertOptions pem(byte[] content) {
        Buffer buffer = Buffer.buffer(content);
        return new PemKeyCertOptions().addKeyValue(buffer).addCertValue(buffer);
    }

    private KeyCertOptions pkcs12(byte[] content) {
        return new PfxOptions().setValue(Buffer.buffer(content)).setPassword(password);
    }

    private static X509Certificate certificate(KeyCertOptions options) throws IOException {
        return Arrays.stream(keyManagers(options))
                .filter(X509KeyManager.class::isInstance)
                .map(X509KeyManager.class::cast)
                .flatMap(TlsKeystore::certificates)
                .findFirst()
                .orElseThrow(() -> new IOException("it has no private key with a certificate"));
    }

    private static KeyManager[] keyManagers(KeyCertOptions options) throws IOException {
        try {
            return options.getKeyManagerFactory(null).getKeyManagers();
        } catch (Exception e) {
            throw new IOException("it is neither PKCS#12 with this password nor PEM with a key and a certificate", e);
        }
    }

    private static Stream<X509Certificate> certificates(X509KeyManager manager) {
        return KEY_TYPES.stream()
                .map(type -> manager.getServerAliases(type, null))
                .filter(aliases -> aliases != null)
                .flatMap(Arrays::stream)
                .map(alias -> manager.getCertificateChain(alias)[0]);
    }
}

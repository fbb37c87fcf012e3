package routes;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** An answer as it was not given: with another status and body. */
record Spoiled(HttpResponse<byte[]> given, int statusCode, String text) implements HttpResponse<byte[]> {
    @Override
    public byte[] body() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public HttpRequest request() {
        return given.request();
    }

    @Override
    public HttpHeaders headers() {
        return given.headers();
    }

    @Override
    public URI uri() {
        return given.uri();
    }

    @Override
    public HttpClient.Version version() {
        return given.version();
    }

    @Override
    public Optional<HttpResponse<byte[]>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return Optional.empty();
    }
}

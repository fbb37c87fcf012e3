package pages;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;

/** Asks for pages as a browser does, over the wire, and goes nowhere by itself. */
final class PageClient {
    static final String HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String address;
    private final Map<String, String> headers = new LinkedHashMap<>(Map.of("Accept", HTML));

    /** A page, or where it leads to. */
    record Answer(int status, String body, HttpResponse<String> response) {
        Document page() {
            return Jsoup.parse(body);
        }

        /** Of the first such header, or null. */
        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        String text(String selector) {
            return page().select(selector).text();
        }
    }

    PageClient(String address) {
        this.address = address;
    }

    /** The same client, which always sends this as well. */
    PageClient with(String name, String value) {
        PageClient other = new PageClient(address);
        other.headers.putAll(headers);
        other.headers.put(name, value);
        return other;
    }

    String address() {
        return address;
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(path, HttpRequest.newBuilder().GET());
    }

    /** As a form of the relay's own page. */
    Answer post(String path, String form) throws IOException, InterruptedException {
        return with("Sec-Fetch-Site", "same-origin").postFromElsewhere(path, form);
    }

    Answer postFromElsewhere(String path, String form) throws IOException, InterruptedException {
        return send(
                path,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form)));
    }

    private Answer send(String path, HttpRequest.Builder request) throws IOException, InterruptedException {
        headers.forEach(request::header);
        HttpResponse<String> response = HTTP.send(
                request.uri(URI.create(address + path))
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body(), response);
    }

    /** The first line of the answer to whoever asks for a page by another name, which leads here all the same. */
    String statusLineUnderName(String name) throws IOException {
        URI uri = URI.create(address);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream()
                    .write(("GET /events HTTP/1.1\r\nHost: " + name
                                    + "\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }
}

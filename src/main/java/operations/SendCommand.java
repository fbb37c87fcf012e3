package operations;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sites.SiteKey;

@Command(name = "send", description = "Signs a sample event, sends it and prints the answer.")
final class SendCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--event", defaultValue = "post.published", description = "Which sample. Default: ${DEFAULT-VALUE}")
    private String event;

    @Option(names = "--file", description = "Sends this JSON instead of a sample.")
    private Path file;

    @Option(names = "--key", description = "The idempotency key. Default: a new one, or the one in the file.")
    private String key;

    @Option(names = "--count", defaultValue = "1", description = "How many, each under a key of its own.")
    private int count;

    @Option(names = "--site", description = "With RELAY_SITES_FILE: as which of its sites. Default: the first.")
    private String site;

    @Option(names = "--url", description = "Default: the relay of this machine, at RELAY_PORT.")
    private URI url;

    @Override
    public Integer call() throws Exception {
        Settings settings = Settings.ofProcess();
        SiteKey siteKey = key(settings);
        String scheme = settings.tls().open().isPresent() ? "https" : "http";
        URI target = url == null ? URI.create(scheme + "://localhost:" + settings.port() + "/webhooks/wp") : url;
        HttpClient http = url == null ? ownRelay(settings) : HttpClient.newHttpClient();
        int worst = 0;
        for (int number = 1; number <= count; number++) {
            byte[] body = body(number);
            HttpResponse<String> answer =
                    http.send(request(target, siteKey, body), HttpResponse.BodyHandlers.ofString());
            System.out.println(answer.statusCode() + " " + answer.body());
            worst = Math.max(worst, answer.statusCode());
            if (number == count && answer.statusCode() == 202) {
                System.out.println("See what becomes of it:  bin/relay show " + key(body));
            }
        }
        return worst < 400 ? 0 : 1;
    }

    /** Over TLS the relay of this machine is known by its certificate, which need not be for {@code localhost}. */
    private static HttpClient ownRelay(Settings settings) throws IOException, GeneralSecurityException {
        if (settings.tls().open().isEmpty()) {
            return HttpClient.newHttpClient();
        }
        X509Certificate own = settings.tls().open().get().load().certificate();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new PinnedCertificate(own)}, null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    /** A file goes out as it is, unless a key is asked for: it may be there to see what the relay says to it. */
    private byte[] body(int number) throws IOException {
        byte[] content = read();
        if (file != null && key == null && count == 1) {
            return content;
        }
        if (!(JSON.readTree(content) instanceof ObjectNode body)) {
            throw new IOException(file + " is no JSON object, so it cannot be given a key");
        }
        String base = key == null ? "sample-" + UUID.randomUUID() : key;
        return JSON.writeValueAsBytes(body.put("idempotency_key", count == 1 ? base : base + "-" + number));
    }

    private static String key(byte[] body) {
        try {
            return JSON.readTree(body).path("idempotency_key").asText("none");
        } catch (IOException e) {
            return "none";
        }
    }

    private byte[] read() throws IOException {
        if (file != null) {
            try {
                return Files.readAllBytes(file);
            } catch (NoSuchFileException e) {
                throw new FileNotFoundException("there is no file " + file);
            }
        }
        try (InputStream sample = SendCommand.class.getResourceAsStream("/samples/" + event + ".json")) {
            if (sample == null) {
                throw new FileNotFoundException("there is no sample for " + event + "; give one with --file");
            }
            return sample.readAllBytes();
        }
    }

    private static HttpRequest request(URI target, SiteKey siteKey, byte[] body) {
        String timestamp = Long.toString(Instant.now().getEpochSecond());
        return HttpRequest.newBuilder(target)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("X-WP-Timestamp", timestamp)
                .header("X-WP-Signature", siteKey.signature().sign(timestamp, body))
                .header("X-WP-Key-Id", siteKey.id())
                .header("Idempotency-Key", key(body))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    private SiteKey key(Settings settings) throws IOException {
        if (settings.sites().isEmpty()) {
            return SiteKey.of(settings.site().keyId(), "", secret(settings));
        }
        Instant now = Instant.now();
        return settings.sites().get().read().sites().stream()
                .filter(candidate -> site == null || site.equals(candidate.id()))
                .flatMap(candidate -> candidate.keys().stream())
                .filter(candidate -> !candidate.isOfWooCommerce() && candidate.isValid(now))
                .findFirst()
                .orElseThrow(() -> new IOException("RELAY_SITES_FILE has no secret of the plugin's that is valid now"
                        + (site == null ? "" : ", of a site '" + site + "'")));
    }

    private static String secret(Settings settings) throws IOException {
        if (!settings.site().secret().isEmpty()) {
            return settings.site().secret();
        }
        try {
            return SecretFile.read(settings.dataDir());
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "There is no secret yet: start the relay first (bin/relay run), or set WP_RELAY_SECRET");
        }
    }
}

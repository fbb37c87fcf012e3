package wordpress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import operations.RelayProcess;
import routes.Client;
import routes.Client.Answer;

/** A real WordPress with MariaDB and the plugin, brought up for a test and taken down after it. */
final class WordPressSite implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCRIPT =
            Path.of("src", "test", "wordpress", "site.sh").toAbsolutePath();

    private final Map<String, String> properties = new HashMap<>();

    /** @param endpoint where the plugin sends its events, signed with {@code secret} */
    WordPressSite(String endpoint, String secret) throws IOException, InterruptedException {
        run(List.of(SCRIPT.toString(), "up", "--endpoint", endpoint, "--secret", secret))
                .lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> properties.put(pair[0], pair[1]));
        listen();
    }

    /** A site whose plugin sends to the relay, which is started and brings its results there. */
    static WordPressSite beside(RelayProcess relay, String secret) throws IOException, InterruptedException {
        WordPressSite site = new WordPressSite("http://127.0.0.1:" + relay.port() + "/webhooks/wp", secret);
        relay.with("WP_SITE_URL", site.url())
                .with("WP_APP_USER", site.user())
                .with("WP_APP_PASSWORD", site.applicationPassword())
                .start();
        return site;
    }

    String url() {
        return properties.get("WP_URL");
    }

    String user() {
        return properties.get("WP_ADMIN_USER");
    }

    String password() {
        return properties.get("WP_ADMIN_PASS");
    }

    String applicationPassword() {
        return properties.get("WP_APP_PASSWORD");
    }

    /** Calls the REST API as the administrator. */
    JsonNode rest(String method, String path, Object body) {
        String credentials = user() + ":" + applicationPassword();
        Map<String, String> headers = Map.of(
                "Content-Type",
                "application/json",
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        Answer answer = Client.callElsewhere(
                method,
                URI.create(url() + "/wp-json" + path),
                headers,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json(body)));
        if (answer.status() >= 400) {
            throw new AssertionError(method + " " + path + " answered " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }

    /** The id of a new post. */
    long publish(String title, String content) {
        return rest("POST", "/wp/v2/posts", Map.of("title", title, "content", content, "status", "publish"))
                .get("id")
                .asLong();
    }

    /** What a post has from its automation. */
    JsonNode meta(long post) {
        return rest("GET", "/wp/v2/posts/" + post + "?context=edit", null).get("meta");
    }

    /** The id of a new comment, of a visitor's. */
    long comment(long post, String content) {
        Map<String, Object> comment = Map.of(
                "post", post, "content", content, "author_name", "A Visitor", "author_email", "visitor@example.test");
        return rest("POST", "/wp/v2/comments", comment).get("id").asLong();
    }

    /** Two comments on a post, one of which the relay's own AI calls spam, after both have their verdicts. */
    JudgedComments judgedComments(long post) {
        long spam = comment(
                post,
                "BUY CHEAP VIAGRA AND CIALIS ONLINE!!! Best casino bonus, visit http://cheap-pills.example/ and"
                        + " http://casino-bonus.example/ now! Make money fast from home!!!");
        long real = comment(post, "Good news. Will the workshop on the second floor be open on Sundays as well?");
        await().atMost(PATIENCE).until(() -> commentStatus(spam).equals("spam"));
        await().atMost(PATIENCE)
                .until(() -> !commentMeta(real, "ai_relay_verdict").isEmpty());
        return new JudgedComments(spam, real);
    }

    record JudgedComments(long spam, long real) {}

    String commentStatus(long comment) {
        return rest("GET", "/wp/v2/comments/" + comment + "?context=edit", null)
                .get("status")
                .asText();
    }

    String commentMeta(long comment, String name) throws IOException, InterruptedException {
        return php("echo get_comment_meta( " + comment + ", '" + name + "', true );");
    }

    /** Evaluates PHP inside the site; what it echoes. */
    String php(String code) throws IOException, InterruptedException {
        return run(List.of(properties.get("WP_CLI"), "eval", code)).strip();
    }

    /** How often a result was applied to a post, comment or lead, by its id, as a plugin that listens to {@code ai_relay_applied} saw. */
    int applications(String action, Object target) throws IOException {
        return appliedBy(action, target).size();
    }

    /** The AI providers whose results were applied. */
    List<String> appliedBy(String action, Object target) throws IOException {
        if (Files.notExists(applied())) {
            return List.of();
        }
        String result = action + " " + target + " ";
        try (Stream<String> lines = Files.lines(applied())) {
            return lines.filter(line -> line.startsWith(result))
                    .map(line -> line.substring(result.length()))
                    .toList();
        }
    }

    private void listen() throws IOException {
        plugin(
                "count-applications",
                "add_action( 'ai_relay_applied', function ( $body ) { file_put_contents( '" + applied() + "',"
                        + " $body['action'] . ' ' . $body['target']['id'] . ' ' . ( $body['provider'] ?? '' ) . PHP_EOL, FILE_APPEND | LOCK_EX ); } );");
    }

    /** Adds a plugin that nobody can switch off. */
    void plugin(String name, String code) throws IOException {
        Path plugins = Files.createDirectories(Path.of(properties.get("WP_STATE"), "wp", "wp-content", "mu-plugins"));
        Files.writeString(plugins.resolve(name + ".php"), "<?php " + code);
    }

    private Path applied() {
        return Path.of(properties.get("WP_STATE"), "log", "applied.txt");
    }

    /** Takes it down, and fails if WordPress or PHP complained about the plugin. */
    void closeWithoutComplaints() throws IOException, InterruptedException {
        String complaints = complaints();
        close();
        assertEquals("", complaints, "the plugin left these in WordPress' log");
    }

    /** What WordPress and PHP complained about with the plugin in it. */
    private String complaints() throws IOException {
        StringBuilder complaints = new StringBuilder();
        for (String name : new String[] {"debug.log", "php.log"}) {
            Path log = Path.of(properties.get("WP_STATE"), "log", name);
            if (Files.exists(log)) {
                try (Stream<String> lines = Files.lines(log)) {
                    lines.filter(line -> line.matches(".*(wordpress-plugin|plugins/ai-relay|ai_relay).*"))
                            .forEach(line -> complaints.append(line).append('\n'));
                }
            }
        }
        return complaints.toString();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run(List.of(SCRIPT.toString(), "down", properties.get("WP_STATE")));
    }

    private static String json(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("site", ".out");
        // Into a file: servers that the script leaves running would keep a pipe open.
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int status = process.waitFor();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        if (status != 0) {
            throw new AssertionError(Arrays.toString(command.toArray()) + " ended with " + status + ": " + printed);
        }
        return printed;
    }
}

package sites;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import text.JsonSchema;

/** {@code RELAY_SITES_FILE}: YAML as {@code schemas/sites.json} describes it. */
public final class SitesFile {
    private static final String ENVIRONMENT = "env:";
    private static final String FILE = "file:";
    private static final String WOOCOMMERCE = "woocommerce";
    private static final JsonSchema SCHEMA = JsonSchema.read(SitesFile.class.getResource("/schemas/sites.json"));
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path file;
    private final Map<String, String> environment;

    /**
     * What the file says, with what it refers to.
     *
     * @param secrets each that must not be seen in a log or an error
     * @param document the file itself
     */
    public record Content(List<Site> sites, List<String> secrets, JsonNode document) {
        /** Whether the file and what it refers to say the same. */
        boolean isAs(Content other) {
            return document.equals(other.document) && secrets.equals(other.secrets);
        }
    }

    public SitesFile(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** @throws IOException with what is wrong and where, in one line for an operator and without any secret */
    public Content read() throws IOException {
        JsonNode document = parse();
        String violations = SCHEMA.violations(document).stream()
                .map(violation -> violation.field() + " " + violation.problem())
                .collect(Collectors.joining("; "));
        if (!violations.isEmpty()) {
            throw new IOException(violations);
        }
        List<Site> sites = new ArrayList<>();
        List<String> secrets = new ArrayList<>();
        for (JsonNode site : document.path("sites")) {
            sites.add(site(site, secrets));
        }
        checkUnique("site", sites.stream().map(Site::id).toList());
        checkUnique(
                "key",
                sites.stream()
                        .flatMap(site -> site.keys().stream())
                        .map(SiteKey::id)
                        .toList());
        checkSecretsApart(document);
        return new Content(List.copyOf(sites), List.copyOf(secrets), document);
    }

    private JsonNode parse() throws IOException {
        try {
            return YAML.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            // Not its message: that quotes the line.
            String where = e.getLocation() == null
                    ? ""
                    : ", at line " + e.getLocation().getLineNr();
            throw new IOException("it is no YAML, or has a name twice" + where, e);
        } catch (IOException e) {
            throw new IOException("it cannot be read", e);
        }
    }

    private static void checkUnique(String what, List<String> ids) throws IOException {
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!seen.add(id)) {
                throw new IOException("the " + what + " '" + id + "' is there twice");
            }
        }
    }

    /** The site of an event is the one whose secret verifies it: that has to be one. WooCommerce shares none at all. */
    private void checkSecretsApart(JsonNode document) throws IOException {
        Map<String, String> owners = new HashMap<>();
        Set<String> ofWooCommerce = new HashSet<>();
        for (JsonNode site : document.path("sites")) {
            String id = site.path("id").textValue();
            for (JsonNode secret : site.path("secrets")) {
                String value = resolve("a secret of site '" + id + "'", secret.path("secret"));
                String owner = owners.putIfAbsent(value, id);
                if (owner != null && !owner.equals(id)) {
                    throw new IOException("the sites '" + owner + "' and '" + id + "' have a secret in common");
                }
                if (secret.has(WOOCOMMERCE)) {
                    ofWooCommerce.add(value);
                }
                if (owner != null && ofWooCommerce.contains(value)) {
                    throw new IOException("site '" + id + "' has a secret twice, and once it is for WooCommerce, which"
                            + " needs one of its own");
                }
            }
        }
    }

    private Site site(JsonNode site, List<String> secrets) throws IOException {
        String id = site.path("id").textValue();
        List<SiteKey> keys = new ArrayList<>();
        for (JsonNode secret : site.path("secrets")) {
            keys.add(key(id, secret, secrets));
        }
        Site.Credentials credentials = credentials(id, site.path("credentials"), secrets);
        return new Site(
                id,
                site.path("url").asText("").replaceAll("/+$", ""),
                List.copyOf(keys),
                credentials,
                limits(site.path("limits")),
                addresses(id, site.path("addresses")),
                Set.copyOf(texts(site.path("events"))));
    }

    private SiteKey key(String site, JsonNode secret, List<String> secrets) throws IOException {
        String id = secret.path("key").textValue();
        String value = resolve("the secret of key '" + id + "'", secret.path("secret"));
        secrets.add(value);
        Instant notBefore = time(id, secret.path("not-before"));
        Instant expires = time(id, secret.path("expires"));
        if (secret.has(WOOCOMMERCE)) {
            return SiteKey.ofWooCommerce(
                    id, site, value, Set.copyOf(texts(secret.path(WOOCOMMERCE))), notBefore, expires);
        }
        if (StandardWebhooks.isMeantAs(value) && !StandardWebhooks.isSecret(value)) {
            throw new IOException("the secret of key '" + id + "' begins as one of Standard Webhooks does, and does not"
                    + " go on with 24 to 64 bytes in base64");
        }
        return SiteKey.of(id, site, value, notBefore, expires);
    }

    private Site.Credentials credentials(String site, JsonNode credentials, List<String> secrets) throws IOException {
        if (credentials.isMissingNode()) {
            return new Site.Credentials("", "");
        }
        Site.Credentials resolved = new Site.Credentials(
                resolve("the user of site '" + site + "'", credentials.path("user")),
                resolve("the password of site '" + site + "'", credentials.path("password")));
        secrets.add(resolved.applicationPassword());
        secrets.add(resolved.applicationPassword().replace(" ", ""));
        secrets.add(resolved.basic());
        return resolved;
    }

    /** @param what for the operator */
    private String resolve(String what, JsonNode node) throws IOException {
        String text = node.textValue();
        String value = text;
        if (text.startsWith(ENVIRONMENT)) {
            value = environment.getOrDefault(text.substring(ENVIRONMENT.length()), "");
        } else if (text.startsWith(FILE)) {
            value = readBeside(what, text.substring(FILE.length()));
        }
        if (value.isEmpty()) {
            throw new IOException(what + " is " + text + ", and nothing is there");
        }
        return value;
    }

    private String readBeside(String what, String name) throws IOException {
        try {
            return Files.readString(file.resolveSibling(name)).strip();
        } catch (IOException e) {
            throw new IOException(what + " is " + FILE + name + ", which cannot be read", e);
        }
    }

    private static Instant time(String key, JsonNode node) throws IOException {
        if (node instanceof MissingNode) {
            return null;
        }
        try {
            return OffsetDateTime.parse(node.textValue()).toInstant();
        } catch (DateTimeException e) {
            throw new IOException(
                    "key '" + key + "' has a time that should be as 2026-12-31T23:59:59Z: " + node.textValue(), e);
        }
    }

    private static Addresses addresses(String site, JsonNode node) throws IOException {
        try {
            return Addresses.parse(String.join(",", texts(node)));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "the addresses of site '" + site + "' should be such as 203.0.113.7 or 2001:db8::/32; not "
                            + e.getMessage(),
                    e);
        }
    }

    private static Site.Limits limits(JsonNode limits) {
        return new Site.Limits(
                number(limits.path("rate")),
                number(limits.path("backlog")),
                tokens(limits.path("daily-tokens")),
                tokens(limits.path("daily-tokens-anonymous")));
    }

    private static Long tokens(JsonNode node) {
        return node.isMissingNode() ? null : node.longValue();
    }

    private static Integer number(JsonNode node) {
        return node.isMissingNode() ? null : node.intValue();
    }

    private static List<String> texts(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }
}

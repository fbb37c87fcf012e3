package operations;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import sites.Addresses;
import tracing.TraceSettings;

/**
 * Reads one setting at a time and says in one line what is wrong with it. A system property wins over the
 * environment, the environment over {@code application.properties}: the order Camel itself uses.
 */
final class SettingsSource {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

    /** Behind the name of a variable: where its value is. */
    private static final String FILE = "_FILE";

    private final Map<String, String> environment;
    private final Properties defaults;

    SettingsSource(Map<String, String> environment, Properties defaults) {
        this.environment = environment;
        this.defaults = defaults;
    }

    /** The environment of this process over the {@code application.properties} of the class path. */
    static SettingsSource ofProcess() {
        Properties defaults = new Properties();
        try (InputStream file = SettingsSource.class.getResourceAsStream("/application.properties")) {
            defaults.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("application.properties cannot be read", e);
        }
        return new SettingsSource(System.getenv(), defaults);
    }

    /** The value, never null; surrounding white space is kept, since a secret may have it. */
    String text(String variable) {
        String property = variable.toLowerCase(Locale.ROOT).replace('_', '.');
        String value = System.getProperty(property);
        if (value == null) {
            value = environment.get(variable);
        }
        String file = environment.get(variable + FILE);
        if (file != null && !file.isBlank()) {
            if (value == null || value.isEmpty()) {
                value = contentOf(variable + FILE);
            } else if (System.getProperty(property) == null) {
                throw new SettingsException(
                        variable + " and " + variable + FILE + " are set; it should be one of them");
            }
        }
        return value == null ? defaults.getProperty(property, "") : value;
    }

    /** What is in the file that the variable names, as secrets of Docker and Kubernetes are given. */
    private String contentOf(String variable) {
        String file = environment.get(variable);
        try {
            // An editor, and echo, end a file with a line break that nobody means.
            return Files.readString(Path.of(file)).replaceFirst("\\R\\z", "");
        } catch (IOException | InvalidPathException e) {
            throw wrong(variable, file, "a file that can be read, with the value in it");
        }
    }

    /** Whether somebody has set it, to whatever value; or else it is the default. */
    boolean isGiven(String variable) {
        return environment.containsKey(variable)
                || environment.containsKey(variable + FILE)
                || System.getProperty(variable.toLowerCase(Locale.ROOT).replace('_', '.')) != null;
    }

    /** The value is not in the error: it may be a secret. */
    void mustBeEmpty(String variable, String reason) {
        if (!text(variable).isBlank()) {
            throw new SettingsException(variable + " is set; it should be empty, " + reason);
        }
    }

    int number(String variable, int least, int most) {
        String value = text(variable).strip();
        if (value.matches("\\d{1,9}")) {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw wrong(variable, value, "a whole number from " + least + " to " + most);
    }

    /** As {@link #number}, from 0 on; or nothing. */
    Optional<Long> optionalNumber(String variable, long most) {
        String value = text(variable).strip();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.matches("\\d{1,13}") && Long.parseLong(value) <= most) {
            return Optional.of(Long.parseLong(value));
        }
        throw wrong(variable, value, "a whole number from 0 to " + most);
    }

    /** An amount of money that is not negative, with up to six digits after the point. */
    BigDecimal amount(String variable) {
        String value = text(variable).strip();
        if (value.matches("\\d{1,6}(\\.\\d{1,6})?")) {
            return new BigDecimal(value);
        }
        throw wrong(variable, value, "an amount such as 0, 2.50 or 0.15");
    }

    String oneOf(String variable, String... choices) {
        String value = text(variable).strip();
        if (Arrays.asList(choices).contains(value)) {
            return value;
        }
        throw wrong(variable, value, "one of " + String.join(", ", choices));
    }

    boolean flag(String variable) {
        return oneOf(variable, "true", "false").equals("true");
    }

    /** What OpenTelemetry reads by itself, and so never in a file. Without an address for traces nobody takes them, so none are made. */
    TraceSettings traces() {
        Map<String, String> variables = new TreeMap<>(environment);
        variables.keySet().removeIf(name -> !name.startsWith("OTEL_"));
        boolean isAddressed = Stream.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
                .anyMatch(name -> !variables.getOrDefault(name, "").isBlank());
        boolean isOff = variables.getOrDefault("OTEL_SDK_DISABLED", "").strip().equalsIgnoreCase("true")
                || variables.getOrDefault("OTEL_TRACES_EXPORTER", "").strip().equals("none");
        return new TraceSettings(variables, isAddressed && !isOff);
    }

    /** Some of the choices, separated by commas; or none. */
    List<String> listOf(String variable, String... choices) {
        String value = text(variable).strip();
        List<String> list = value.isEmpty() ? List.of() : List.of(value.split("\\s*,\\s*", -1));
        if (Arrays.asList(choices).containsAll(list)) {
            return list;
        }
        throw wrong(variable, value, "empty, or some of " + String.join(", ", choices) + ", separated by commas");
    }

    /** An http or https address without a trailing slash, or empty. */
    String address(String variable) {
        String value = text(variable).strip().replaceAll("/+$", "");
        if (value.isEmpty() || isAddress(value) && value.indexOf('?') < 0) {
            return value;
        }
        throw wrong(variable, value, "an address such as https://example.com");
    }

    /** An http or https address as it is, since a token may be in its path or its query; or empty. */
    String webhookAddress(String variable) {
        String value = text(variable).strip();
        if (value.isEmpty() || isAddress(value)) {
            return value;
        }
        throw wrong(
                variable,
                value.replaceFirst("(?<=[^/:])[/?].*", "/***"),
                "an address such as https://crm.example/webhook");
    }

    static boolean isAddress(String value) {
        try {
            URI uri = URI.create(value);
            return String.valueOf(uri.getScheme()).matches("https?")
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    Addresses addresses(String variable) {
        String value = text(variable);
        try {
            return Addresses.parse(value);
        } catch (IllegalArgumentException e) {
            throw wrong(
                    variable, value, "addresses or networks such as 203.0.113.7, 2001:db8::/32; not " + e.getMessage());
        }
    }

    Path path(String variable) {
        String value = text(variable).strip();
        try {
            return Path.of(value).normalize();
        } catch (InvalidPathException e) {
            throw wrong(variable, value, "a directory");
        }
    }

    String startingWith(String variable, String... prefixes) {
        String value = text(variable).strip();
        if (value.isEmpty() || Arrays.stream(prefixes).anyMatch(value::startsWith)) {
            return value;
        }
        throw wrong(variable, value, "empty, or start with " + String.join(" or ", prefixes));
    }

    Duration duration(String variable) {
        String value = text(variable).strip();
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw wrong(variable, value, "a duration such as 500ms, 30s, 5m, 2h or 1d");
        }
        return toDuration(matcher);
    }

    /** None at all as well. */
    Duration durationUpTo(String variable, Duration most) {
        String value = text(variable).strip();
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches() || toDuration(matcher).compareTo(most) > 0) {
            throw wrong(variable, value, "a duration such as 250ms, " + most.toSeconds() + "s at most, or 0s for none");
        }
        return toDuration(matcher);
    }

    /** None at all, or so long at least. */
    Duration durationFrom(String variable, Duration least) {
        String value = text(variable).strip();
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()
                || !toDuration(matcher).isZero() && toDuration(matcher).compareTo(least) < 0) {
            throw wrong(variable, value, "a duration such as 1h, " + least.toMinutes() + "m at least, or 0s for none");
        }
        return toDuration(matcher);
    }

    List<Duration> durations(String variable) {
        String value = text(variable).strip();
        List<Matcher> matchers =
                Arrays.stream(value.split("\\s*,\\s*")).map(DURATION::matcher).toList();
        if (!matchers.stream().allMatch(Matcher::matches)) {
            throw wrong(variable, value, "durations separated by commas, such as 10s,1m,5m");
        }
        return matchers.stream().map(SettingsSource::toDuration).toList();
    }

    /** An AES key in base64, or nothing. The value is not in the error: it may be the key with a blemish. */
    Optional<SecretKey> key(String variable, int bytes) {
        String value = text(variable).strip();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String found;
        try {
            byte[] key = Base64.getDecoder().decode(value);
            if (key.length == bytes) {
                return Optional.of(new SecretKeySpec(key, "AES"));
            }
            found = "base64 of " + key.length + " bytes";
        } catch (IllegalArgumentException e) {
            found = "not base64";
        }
        throw new SettingsException(variable + " is " + found + "; it should be base64 of " + bytes
                + " bytes, such as: openssl rand -base64 " + bytes);
    }

    /** A duration such as 30s, 5m, 2h or 7d, if it is one. */
    static Optional<Duration> parseDuration(String value) {
        return Optional.of(DURATION.matcher(value)).filter(Matcher::matches).map(SettingsSource::toDuration);
    }

    private static Duration toDuration(Matcher matcher) {
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    static SettingsException wrong(String variable, String value, String expected) {
        String shown = value.replaceAll("//[^/]*@", "//***@").replaceAll("(?i)(password=)[^&;]*", "$1***");
        return new SettingsException(variable + " is '" + shown + "'; it should be " + expected);
    }
}

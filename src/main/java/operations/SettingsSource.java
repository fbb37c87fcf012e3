package operations;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import sites.Addresses;
import tracing.TraceSettings;

/** Reads one setting at a time, as what it means, and says in one line what is wrong with it. */
final class SettingsSource {
    private final Variables variables;

    SettingsSource(Variables variables) {
        this.variables = variables;
    }

    /** The value, never null; surrounding white space is kept, since a secret may have it. */
    String text(String variable) {
        return variables.text(variable);
    }

    /** Whether somebody has set it, to whatever value; or else it is the default. */
    boolean isGiven(String variable) {
        return variables.isGiven(variable);
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
        throw SettingsException.wrong(variable, value, "a whole number from " + least + " to " + most);
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
        throw SettingsException.wrong(variable, value, "a whole number from 0 to " + most);
    }

    /** An amount of money that is not negative, with up to six digits after the point. */
    BigDecimal amount(String variable) {
        String value = text(variable).strip();
        if (value.matches("\\d{1,6}(\\.\\d{1,6})?")) {
            return new BigDecimal(value);
        }
        throw SettingsException.wrong(variable, value, "an amount such as 0, 2.50 or 0.15");
    }

    String oneOf(String variable, String... choices) {
        String value = text(variable).strip();
        if (Arrays.asList(choices).contains(value)) {
            return value;
        }
        throw SettingsException.wrong(variable, value, "one of " + String.join(", ", choices));
    }

    boolean flag(String variable) {
        return oneOf(variable, "true", "false").equals("true");
    }

    /** What OpenTelemetry reads by itself, and so never in a file. Without an address for traces nobody takes them, so none are made. */
    TraceSettings traces() {
        Map<String, String> open = variables.startingWith("OTEL_");
        boolean isAddressed = Stream.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
                .anyMatch(name -> !open.getOrDefault(name, "").isBlank());
        boolean isOff = open.getOrDefault("OTEL_SDK_DISABLED", "").strip().equalsIgnoreCase("true")
                || open.getOrDefault("OTEL_TRACES_EXPORTER", "").strip().equals("none");
        return new TraceSettings(open, isAddressed && !isOff);
    }

    /** Some of the choices, separated by commas; or none. */
    List<String> listOf(String variable, String... choices) {
        String value = text(variable).strip();
        List<String> list = value.isEmpty() ? List.of() : List.of(value.split("\\s*,\\s*", -1));
        if (Arrays.asList(choices).containsAll(list)) {
            return list;
        }
        throw SettingsException.wrong(
                variable, value, "empty, or some of " + String.join(", ", choices) + ", separated by commas");
    }

    /** An http or https address without a trailing slash, or empty. */
    String address(String variable) {
        String value = text(variable).strip().replaceAll("/+$", "");
        if (value.isEmpty() || isAddress(value) && value.indexOf('?') < 0) {
            return value;
        }
        throw SettingsException.wrong(variable, value, "an address such as https://example.com");
    }

    /** An http or https address as it is, since a token may be in its path or its query; or empty. */
    String webhookAddress(String variable) {
        String value = text(variable).strip();
        if (value.isEmpty() || isAddress(value)) {
            return value;
        }
        throw SettingsException.wrong(
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
            throw SettingsException.wrong(
                    variable, value, "addresses or networks such as 203.0.113.7, 2001:db8::/32; not " + e.getMessage());
        }
    }

    Path path(String variable) {
        String value = text(variable).strip();
        try {
            return Path.of(value).normalize();
        } catch (InvalidPathException e) {
            throw SettingsException.wrong(variable, value, "a directory");
        }
    }

    String startingWith(String variable, String... prefixes) {
        String value = text(variable).strip();
        if (value.isEmpty() || Arrays.stream(prefixes).anyMatch(value::startsWith)) {
            return value;
        }
        throw SettingsException.wrong(variable, value, "empty, or start with " + String.join(" or ", prefixes));
    }

    Duration duration(String variable) {
        return duration(variable, duration -> !duration.isZero(), "a duration such as 500ms, 30s, 5m, 2h or 1d");
    }

    /** None at all as well. */
    Duration durationUpTo(String variable, Duration most) {
        return duration(
                variable,
                duration -> duration.compareTo(most) <= 0,
                "a duration such as 250ms, " + most.toSeconds() + "s at most, or 0s for none");
    }

    /** None at all, or so long at least. */
    Duration durationFrom(String variable, Duration least) {
        return duration(
                variable,
                duration -> duration.isZero() || duration.compareTo(least) >= 0,
                "a duration such as 1h, " + least.toMinutes() + "m at least, or 0s for none");
    }

    private Duration duration(String variable, Predicate<Duration> isGood, String expected) {
        String value = text(variable).strip();
        return Durations.parse(value)
                .filter(isGood)
                .orElseThrow(() -> SettingsException.wrong(variable, value, expected));
    }

    List<Duration> durations(String variable) {
        String value = text(variable).strip();
        return Arrays.stream(value.split("\\s*,\\s*"))
                .map(each -> Durations.parse(each)
                        .orElseThrow(() -> SettingsException.wrong(
                                variable, value, "durations separated by commas, such as 10s,1m,5m")))
                .toList();
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
}

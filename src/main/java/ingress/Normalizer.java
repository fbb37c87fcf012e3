package ingress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.PermanentFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import text.PlainText;

/**
 * An event as automations see it: the texts that have a limit in the contract without markup or control characters and
 * no longer than that, URLs in one form, everything else as it came. The stored payload stays the bytes that were signed.
 */
public final class Normalizer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {};

    /** Nobody escapes deeper than this for a reader; what does is stripped of what could become markup. */
    private static final int MOST_PASSES = 5;

    private static final Pattern MARKUP = Pattern.compile("[<>&]");

    private static final int LONGEST_CONTENT = 100_000;
    private static final int LONGEST_TITLE = 300;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_URL = 2048;

    private static final Map<String, Integer> TEXTS = Map.ofEntries(
            Map.entry("title", LONGEST_TITLE),
            Map.entry("post_title", LONGEST_TITLE),
            Map.entry("author", LONGEST_NAME),
            Map.entry("author_name", LONGEST_NAME),
            Map.entry("content", LONGEST_CONTENT),
            Map.entry("excerpt", LONGEST_CONTENT),
            Map.entry("form", LONGEST_TITLE),
            Map.entry("reason", LONGEST_TITLE));

    private Normalizer() {}

    /** @param payload the JSON object that was signed */
    public static Map<String, Object> normalize(byte[] payload) {
        return normalize(parse(payload));
    }

    /** The same, not normalized yet; may be changed. */
    static Map<String, Object> parse(byte[] payload) {
        try {
            return JSON.readValue(payload, MAP);
        } catch (JsonProcessingException e) {
            throw new PermanentFailure("the stored payload is not a JSON object");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@link #normalize(byte[])}, of an event that is parsed. */
    public static Map<String, Object> normalize(Map<String, Object> event) {
        Map<String, Object> normal = new LinkedHashMap<>(event);
        normal.replaceAll((field, value) -> value instanceof String text ? field(field, text) : value);
        normal.computeIfPresent("meta", (field, meta) -> nested(meta, LONGEST_TITLE));
        normal.computeIfPresent("fields", (field, fields) -> nested(fields, LONGEST_CONTENT));
        return normal;
    }

    /** The texts of it, wherever they are. */
    private static Object nested(Object value, int longest) {
        if (value instanceof String text) {
            return text(text, longest);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(part -> nested(part, longest)).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> normal = new LinkedHashMap<>();
            map.forEach((name, part) -> normal.put(name, nested(part, longest)));
            return normal;
        }
        return value;
    }

    private static String field(String name, String value) {
        Integer longest = TEXTS.get(name);
        if (longest != null) {
            return text(value, longest);
        }
        return name.equals("url") || name.equals("author_url") ? url(value) : value;
    }

    /** Until nothing changes any more: escaped markup becomes markup when it is unescaped once. */
    private static String text(String value, int longest) {
        String plain = value;
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            String next = PlainText.withLinks(plain);
            if (next.equals(plain)) {
                return cut(PlainText.withoutTagStarts(plain), longest);
            }
            plain = next;
        }
        // And once more, since blanks stood around what is gone.
        return cut(PlainText.of(MARKUP.matcher(plain).replaceAll("")), longest);
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end).strip();
    }

    /** RFC 3986, 6.2.2: scheme and host in lower case, no dot segments. What is no http address is left out. */
    static String url(String value) {
        try {
            URI uri = new URI(value.strip()).normalize();
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !scheme.matches("https?") || value.length() > LONGEST_URL) {
                return "";
            }
            StringBuilder normal = new StringBuilder(scheme).append("://");
            normal.append(uri.getHost().toLowerCase(Locale.ROOT));
            if (uri.getPort() >= 0) {
                normal.append(':').append(uri.getPort());
            }
            normal.append(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath());
            return uri.getRawQuery() == null
                    ? normal.toString()
                    : normal.append('?').append(uri.getRawQuery()).toString();
        } catch (URISyntaxException e) {
            return "";
        }
    }
}

package pages;

import io.vertx.core.MultiMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import operations.QueryParameters;

/**
 * The filter of a list as its address has it: only what narrows it, and each once. A form sends empty fields too, and
 * times as its fields have them.
 */
public final class Filter {
    static final List<String> NAMES = List.of("status", "event", "site", "search", "since", "until");

    /** Fields of the form that stand for another parameter: a moment in UTC, without saying so. */
    private static final Map<String, String> MOMENTS = Map.of("from", "since", "to", "until");

    private static final String MOMENT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d)?";

    private final Map<String, String> values;

    private Filter(Map<String, String> values) {
        this.values = values;
    }

    static Filter of(MultiMap given) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : NAMES) {
            put(values, name, given.get(name));
        }
        values.computeIfPresent("status", (name, status) -> QueryParameters.OTHER_WORDS.getOrDefault(status, status));
        MOMENTS.forEach((field, name) -> {
            String moment = given.get(field);
            if (moment != null && moment.matches(MOMENT)) {
                put(values, name, moment + (moment.length() == "0000-00-00T00:00".length() ? ":00Z" : "Z"));
            }
        });
        return new Filter(values);
    }

    private static void put(Map<String, String> values, String name, String value) {
        if (value != null && !value.isBlank()) {
            values.put(name, value.strip());
        }
    }

    /** Whether the address could say the same in a shorter way. */
    static boolean isUntidy(MultiMap given) {
        return given.entries().stream()
                .anyMatch(entry -> entry.getValue().isBlank() || MOMENTS.containsKey(entry.getKey()));
    }

    /** Empty when it is not narrowed by that. */
    public String get(String name) {
        return values.getOrDefault(name, "");
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public Map<String, String> values() {
        return values;
    }

    /** The same with another value; empty: without it. */
    public Filter with(String name, String value) {
        Map<String, String> others = new LinkedHashMap<>(values);
        others.remove(name);
        put(others, name, value);
        return new Filter(others);
    }

    /** The address with this filter. */
    public String at(String path) {
        return at(path, Map.of());
    }

    /** @param more parameters besides */
    String at(String path, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.putAll(more);
        return all.isEmpty()
                ? path
                : path + "?"
                        + all.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                                .collect(Collectors.joining("&"));
    }

    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}

package operations;

import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The filters that {@code events} and {@code replay} share. */
final class EventFilter {
    @Option(names = "--status", description = "queued, processing, done or error, which is called dead too")
    private String status;

    @Option(names = "--event", description = "such as post.published")
    private String event;

    @Option(names = "--site", description = "the site's id")
    private String site;

    @Option(
            names = "--since",
            converter = PointInTime.class,
            description = "received since then, such as 2026-01-31T09:30:00Z, or so long ago, such as 30m, 2h or 7d")
    private OffsetDateTime since;

    @Option(
            names = "--until",
            converter = PointInTime.class,
            description = "received before then, written as with --since")
    private OffsetDateTime until;

    @Option(
            names = "--search",
            description =
                    "a part of the key, the error, the payload as it was sent, or a request's or trace's id; or an event's id")
    private String search;

    /** As query parameters; what was not given is null. Times are absolute: they do not move from call to call. */
    Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("status", status);
        parameters.put("event", event);
        parameters.put("site", site);
        parameters.put("since", since);
        parameters.put("until", until);
        parameters.put("search", search);
        return parameters;
    }

    /** The same filter as options of a command, but for the status and the text; each with a space before it. */
    String withoutStatusAndText() {
        return option("--event", event) + ofSite() + option("--since", since) + option("--until", until);
    }

    /** The site as an option of a command, with a space before it; empty: none was given. */
    String ofSite() {
        return option("--site", site);
    }

    private static String option(String name, Object value) {
        return value == null ? "" : " " + name + " " + quoted(value.toString());
    }

    /** As a shell takes it for one word. */
    static String quoted(String word) {
        return word.matches("[A-Za-z0-9._:@/-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    String site() {
        return site;
    }

    boolean isEmpty() {
        return site == null && isEmptyButForSite();
    }

    boolean isEmptyButForSite() {
        return status == null && event == null && since == null && until == null && search == null;
    }
}

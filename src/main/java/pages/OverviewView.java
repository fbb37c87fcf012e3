package pages;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import statistics.Overview.Point;
import statistics.Overview.Report;
import statistics.Present.Waiting;

/**
 * How it goes and how it went, as the overview shows it: nothing but what {@code GET /overview} answers a program.
 *
 * @param span which of {@link #SPANS} it is about
 * @param changed the site that somebody paused or resumed a moment ago, on a page of ours; empty: none
 */
public record OverviewView(Report report, String span, String changed) {
    static final String SHORTEST = "1h";

    /** What to choose from, as {@code since} has it. */
    static final Map<String, Duration> LENGTHS = lengths();

    public static final Map<String, String> SPANS = spans();

    /** What waits for nothing but its turn should not wait for longer. */
    private static final long LONG_SECONDS = Duration.ofMinutes(5).toSeconds();

    private static final long MINUTE_SECONDS = 60;
    private static final int TIME_OF_DAY = "2026-01-31T".length();

    private static Map<String, Duration> lengths() {
        Map<String, Duration> lengths = new LinkedHashMap<>();
        lengths.put(SHORTEST, Duration.ofHours(1));
        lengths.put("24h", Duration.ofHours(24));
        lengths.put("7d", Duration.ofDays(7));
        lengths.put("30d", Duration.ofDays(30));
        return Collections.unmodifiableMap(lengths);
    }

    private static Map<String, String> spans() {
        Map<String, String> spans = new LinkedHashMap<>();
        spans.put(SHORTEST, "This hour and the last");
        spans.put("24h", "24 hours");
        spans.put("7d", "7 days");
        spans.put("30d", "30 days");
        return Collections.unmodifiableMap(spans);
    }

    /** What somebody should look at, with where to do so; empty when all is well. */
    public List<Map.Entry<String, String>> worries() {
        List<Map.Entry<String, String>> worries = new ArrayList<>();
        long dead = report.now().dead().number();
        if (dead > 0) {
            worries.add(Map.entry(
                    ReplayPlan.events(dead) + " failed for good and " + (dead == 1 ? "is" : "are") + " to be replayed",
                    "/events?status=error"));
        }
        Long due = report.now().due().oldestSeconds();
        if (due != null && due >= LONG_SECONDS) {
            worries.add(Map.entry(
                    "An event has been waiting for " + seconds(due) + " for nothing but its turn",
                    "/events?status=queued"));
        }
        sites().forEach(site -> worries.addAll(site.worries()));
        return worries;
    }

    /** All sites, those first that need looking after. */
    public List<SiteRow> sites() {
        return IntStream.range(0, report.sites().size())
                .mapToObj(number -> new SiteRow(report.sites().get(number), "site-" + number))
                .toList();
    }

    /** What somebody did to a site; empty: nothing, or nothing to a site that there is. */
    public String changedSentence() {
        return report.sites().stream()
                .filter(site -> site.site().equals(changed))
                .map(site -> site.site()
                        + (site.pausedSince() == null
                                ? " is called again; what waits is brought to it as its turn comes."
                                : " is paused; what it sends is recorded, and waits."))
                .findFirst()
                .orElse("");
    }

    public static String seconds(long seconds) {
        return Times.span(Duration.ofSeconds(seconds));
    }

    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    public long waiting() {
        return report.now().queued().number() + report.now().processing().number();
    }

    public String waitingSince() {
        if (waiting() == 0) {
            return "Nothing waits";
        }
        List<String> parts = new ArrayList<>();
        parts.add(oldest(report.now().due(), "oldest due waits "));
        if (report.now().later().number() > 0) {
            parts.add(oldest(
                            report.now().later(),
                            number(report.now().later().number()) + " for a later try, the oldest came ")
                    + " ago");
        }
        if (report.now().processing().number() > 0) {
            parts.add(number(report.now().processing().number()) + " being worked on");
        }
        parts.removeIf(String::isEmpty);
        return String.join(", ", parts);
    }

    public String oldestDead() {
        return report.now().dead().number() == 0 ? "None" : oldest(report.now().dead(), "the first failed ") + " ago";
    }

    private static String oldest(Waiting waiting, String before) {
        return waiting.oldestSeconds() == null ? "" : before + seconds(waiting.oldestSeconds());
    }

    /** Since when all is counted that is not of now, such as {@code since 09:00 UTC}. */
    public String period() {
        boolean isShort = report.since().plusDays(1).isAfter(report.now().at());
        return "since "
                + Times.field(report.since())
                        .substring(isShort ? TIME_OF_DAY : 0)
                        .replace('T', ' ') + " UTC";
    }

    /** The same, as a filter has it. */
    public String since() {
        return report.since().toInstant().toString();
    }

    /** How many came a minute, on the average. */
    public String rate() {
        long seconds =
                Math.max(1, Duration.between(report.since(), report.now().at()).toSeconds());
        double perMinute = report.total().accepted() * (double) MINUTE_SECONDS / seconds;
        return String.format(Locale.ROOT, perMinute < 1 ? "%.2f a minute" : "%,.0f a minute", perMinute);
    }

    public String took(Double milliseconds) {
        return milliseconds == null ? "–" : Times.span(milliseconds);
    }

    public List<Chart> charts() {
        return List.of(
                bars(
                        "received",
                        "Received",
                        series("accepted", "series-1", point -> (double) point.accepted()),
                        series("duplicate", "series-2", point -> (double) point.duplicate()),
                        series("refused", "series-3", point -> (double) point.rejected() + point.putOff())),
                bars(
                        "failed",
                        "Failed tries",
                        series("for good", "series-bad", point -> (double) point.failed()),
                        series("to be tried again", "series-2", point -> (double) point.retried())),
                chart(
                        "took",
                        "Time to done, no replays",
                        true,
                        series("half of them within", "", Point::doneP50Ms),
                        series("95 % within", "dashed", Point::doneP95Ms)),
                chart("waiting", "Waiting", false, series("events", "", point -> toDouble(point.waiting()))));
    }

    private Chart bars(String id, String title, Chart.Series... series) {
        return new Chart(id, title, times(), List.of(series), true, false);
    }

    private Chart chart(String id, String title, boolean isTime, Chart.Series... series) {
        return new Chart(id, title, times(), List.of(series), false, isTime);
    }

    private List<OffsetDateTime> times() {
        return report.points().stream().map(Point::at).toList();
    }

    private Chart.Series series(String name, String style, Function<Point, Double> value) {
        return new Chart.Series(
                name, style, new ArrayList<>(report.points().stream().map(value).toList()));
    }

    private static Double toDouble(Long number) {
        return number == null ? null : number.doubleValue();
    }
}

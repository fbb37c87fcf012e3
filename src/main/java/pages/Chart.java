package pages;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Some series over time, drawn on the server: bars that stand on each other, or lines. The drawing is 1000 wide and 100
 * high, stretched to where it is shown; what is written stands beside it.
 *
 * @param times the moments, or the beginnings of the spans, of all series
 * @param isBars or else lines
 * @param isTime whether the values are milliseconds, or else a number of events
 */
public record Chart(
        String id, String title, List<OffsetDateTime> times, List<Series> series, boolean isBars, boolean isTime) {
    private static final double WIDTH = 1000;
    private static final double HEIGHT = 100;

    /** The part of its place that a bar takes. */
    private static final double FILLED = 0.8;

    private static final double SECOND = 1000;
    private static final long DAY_HOURS = 24;
    private static final double[] ROUND = {1, 2, 5, 10};

    /**
     * @param style the class that it is drawn with
     * @param values null: it is not known
     */
    public record Series(String name, String style, List<Double> values) {}

    /** A rectangle. */
    public record Bar(String style, String x, String y, String width, String height) {}

    /** One moment, with what there is to say of it. */
    public record Moment(String x, String width, String says) {}

    public boolean isEmpty() {
        return values().findAny().isEmpty();
    }

    private java.util.stream.Stream<Double> values() {
        return series.stream().flatMap(one -> one.values().stream()).filter(Objects::nonNull);
    }

    /** What the highest place stands for: a round number. */
    double top() {
        double highest = isBars
                ? IntStream.range(0, times.size()).mapToDouble(this::sum).max().orElse(0)
                : values().mapToDouble(Double::doubleValue).max().orElse(0);
        if (highest <= 1) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(highest)));
        for (double round : ROUND) {
            if (round * power >= highest) {
                return round * power;
            }
        }
        return highest;
    }

    private double sum(int index) {
        return series.stream()
                .map(one -> one.values().get(index))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** What stands at the scale, from the top. */
    public List<String> scale() {
        double top = top();
        String zero = isTime && top >= SECOND ? "0 s" : say(0.0);
        boolean isHalved = isTime || top / 2 == Math.rint(top / 2); // There is no half an event.
        return isHalved ? List.of(say(top), say(top / 2), zero) : List.of(say(top), zero);
    }

    public List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        for (int i = 0; i < times.size(); i++) {
            double below = HEIGHT;
            for (Series one : series) {
                Double value = one.values().get(i);
                if (value != null && value > 0) {
                    double height = value / top() * HEIGHT;
                    below -= height;
                    bars.add(new Bar(
                            one.style(),
                            number(place(i) + width() * (1 - FILLED) / 2),
                            number(below),
                            number(width() * FILLED),
                            number(height)));
                }
            }
        }
        return bars;
    }

    /** Where a line goes, with a gap where nothing is known; a single moment is a short stroke. */
    public String line(Series one) {
        StringBuilder path = new StringBuilder();
        boolean isDrawn = false;
        for (int i = 0; i < times.size(); i++) {
            Double value = one.values().get(i);
            if (value != null) {
                String y = number(HEIGHT - value / top() * HEIGHT);
                path.append(isDrawn ? "L" : "M")
                        .append(number(middle(i)))
                        .append(' ')
                        .append(y);
                if (!isDrawn) {
                    path.append('h').append(number(width() / 4));
                }
            }
            isDrawn = value != null;
        }
        return path.toString();
    }

    /** To be hovered over. */
    public List<Moment> moments() {
        return IntStream.range(0, times.size())
                .mapToObj(i -> new Moment(number(place(i)), number(width()), time(i) + " UTC: " + said(i)))
                .toList();
    }

    private String said(int index) {
        return series.stream()
                .map(one -> one.name() + " " + say(one.values().get(index)))
                .collect(Collectors.joining(", "));
    }

    /** What it shows, in a sentence. */
    public String summary() {
        return series.stream()
                .map(one -> one.name() + ": at most "
                        + say(one.values().stream()
                                .filter(Objects::nonNull)
                                .max(Double::compare)
                                .orElse(null)))
                .collect(Collectors.joining("; "));
    }

    /** As a person reads it. */
    public String say(Double value) {
        if (value == null) {
            return "–";
        }
        return isTime
                ? Times.span(value)
                : String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%,.1f", value);
    }

    /** Beginning, middle and end. */
    public List<String> span() {
        return times.isEmpty() ? List.of() : List.of(time(0), time(times.size() / 2), time(times.size() - 1));
    }

    public String time(int index) {
        OffsetDateTime first = times.get(0);
        boolean isShort = first.plusHours(DAY_HOURS).isAfter(times.get(times.size() - 1));
        return DateTimeFormatter.ofPattern(isShort ? "HH:mm" : "MM-dd HH:mm", Locale.ROOT)
                .format(times.get(index).withOffsetSameInstant(ZoneOffset.UTC));
    }

    private double width() {
        return WIDTH / times.size();
    }

    private double place(int index) {
        return index * width();
    }

    private double middle(int index) {
        return place(index) + width() / 2;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}

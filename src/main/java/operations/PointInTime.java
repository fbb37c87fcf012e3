package operations;

import ingress.RejectedRequest;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as an operator writes it: in full, or as the duration that has passed since. */
public final class PointInTime implements ITypeConverter<OffsetDateTime> {
    static final String EXPECTED =
            "must be a time such as 2026-01-31T09:30:00Z, or how long ago, such as 30m, 2h or 7d";

    private static final int LAST_YEAR = 9999;

    /** @throws DateTimeParseException when it is neither */
    static OffsetDateTime parse(String value, Clock clock) {
        return Durations.parse(value)
                .map(ago -> OffsetDateTime.now(clock).minus(ago))
                .orElseGet(() -> inFull(value));
    }

    /** @throws DateTimeParseException also for a year that no database has */
    static OffsetDateTime inFull(String value) {
        OffsetDateTime time = OffsetDateTime.parse(value);
        if (time.getYear() < 0 || time.getYear() > LAST_YEAR) {
            throw new DateTimeParseException("not a year of four digits", value, 0);
        }
        return time;
    }

    /**
     * A time that is to come, in full or as the duration until then.
     *
     * @param field what it was given as
     * @throws RejectedRequest 422 when it is neither, or past
     */
    public static OffsetDateTime toCome(String field, String value, OffsetDateTime now) {
        try {
            OffsetDateTime time = Durations.parse(value).map(now::plus).orElseGet(() -> inFull(value));
            if (time.isAfter(now)) {
                return time;
            }
        } catch (DateTimeParseException e) {
            // Said below.
        }
        throw RejectedRequest.invalidParameter(
                field,
                "must be a time to come, such as 2026-01-31T09:30:00Z, or how long it lasts, such as 30m, 2h or 1d");
    }

    @Override
    public OffsetDateTime convert(String value) {
        try {
            return parse(value, Clock.systemUTC());
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("'" + value + "' " + EXPECTED);
        }
    }
}

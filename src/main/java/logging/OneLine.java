package logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.pattern.CompositeConverter;
import java.util.regex.Pattern;

/**
 * For logback.xml: what is within is one line, with its end, whatever a key, an error or a title of somebody's has in it. A line break
 * would forge a line (CWE-117), an escape sequence would move a terminal's cursor.
 */
public final class OneLine extends CompositeConverter<ILoggingEvent> {
    /** Control and formatting characters, line and paragraph separators. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    @Override
    protected String transform(ILoggingEvent line, String text) {
        return UNPRINTABLE.matcher(text).replaceAll(" ").stripTrailing() + CoreConstants.LINE_SEPARATOR;
    }
}

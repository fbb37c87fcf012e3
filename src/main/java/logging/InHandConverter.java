package logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Map;
import java.util.stream.Collectors;

/** For logback.xml: the event in hand, as {@code  [relay.site=default relay.key=…]}, or nothing. */
public final class InHandConverter extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent line) {
        Map<String, String> fields = EventInHand.fields();
        return fields.isEmpty()
                ? ""
                : fields.entrySet().stream()
                        .map(field -> field.getKey() + "=" + field.getValue())
                        .collect(Collectors.joining(" ", " [", "]"));
    }
}

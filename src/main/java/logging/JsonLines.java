package logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.EcsJsonSerializer;
import co.elastic.logging.logback.EcsEncoder;

/** A line as one JSON object, in the Elastic Common Schema, with the event that is in hand. */
public final class JsonLines extends EcsEncoder {
    @Override
    protected void addCustomFields(ILoggingEvent line, StringBuilder json) {
        EcsJsonSerializer.serializeMDC(json, EventInHand.fields());
    }
}

package operations;

import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import java.io.Serializable;
import org.springframework.jms.support.converter.MessageConversionException;
import org.springframework.jms.support.converter.SimpleMessageConverter;

/** Reads of the broker's messages what is text or bytes, and no object: nothing is deserialized (CVE-2026-40860). */
public final class TextMessages extends SimpleMessageConverter {
    /** Is the id of no event, so a message that holds an object is a dead letter at once. */
    private static final String NO_TEXT = "a message that holds an object, which is not read";

    @Override
    protected Serializable extractSerializableFromMessage(ObjectMessage message) {
        return NO_TEXT;
    }

    @Override
    protected ObjectMessage createMessageForSerializable(Serializable object, Session session) {
        throw new MessageConversionException("no object goes into the broker, and "
                + object.getClass().getName() + " is none of what else a message may hold");
    }
}

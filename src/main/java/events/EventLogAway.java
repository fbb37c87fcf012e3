package events;

import org.springframework.dao.DataAccessResourceFailureException;

/** The event log could not be used just now, and was not asked again. */
public final class EventLogAway extends DataAccessResourceFailureException {
    private static final long serialVersionUID = 1L;

    public EventLogAway() {
        super("the event log is away");
    }

    /** None: thousands of requests may be refused while it is away. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

package events;

import org.springframework.dao.DataAccessResourceFailureException;

/** The event log could not be used just now, and was not asked again. */
public final class EventLogAway extends DataAccessResourceFailureException {
    private static final long serialVersionUID = 1L;

    public EventLogAway() {
        this("the event log is away");
    }

    private EventLogAway(String reason) {
        super(reason);
    }

    /** A crash of the database took back that a worker has the event: there is nothing of which to write down an end. */
    static EventLogAway claimLost() {
        return new EventLogAway("a crash of the database took the claim back");
    }

    /** None: thousands of requests may be refused while it is away. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

package events;

/** A failure whose message quotes what somebody wrote. */
public interface QuotingFailure {
    /** The message without the quotation: for the log and the broker, out of which nothing can be erased. */
    String withoutQuotation();
}

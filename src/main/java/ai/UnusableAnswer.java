package ai;

import events.QuotingFailure;

/**
 * A provider answered, and the answer cannot be used; the next one may be well, if it is not a {@link WrongAnswer}. The
 * message says what is wrong with it; it never holds the request, the key or the whole answer.
 */
public class UnusableAnswer extends RuntimeException implements QuotingFailure {
    private static final long serialVersionUID = 1L;

    private final String problem;

    public UnusableAnswer(String problem) {
        this(problem, null);
    }

    /** @param quoted a part of what the model said, for the operator; or null */
    UnusableAnswer(String problem, String quoted) {
        super(quoted == null ? problem : problem + ": " + quoted);
        this.problem = problem;
    }

    @Override
    public String withoutQuotation() {
        return problem;
    }
}

package ai;

/**
 * A provider answered, and the answer cannot be used; the next one may be well, if it is not a {@link WrongAnswer}. The
 * message says what is wrong with it; it never holds the request, the key or the whole answer.
 */
public class UnusableAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableAnswer(String problem) {
        super(problem);
    }
}

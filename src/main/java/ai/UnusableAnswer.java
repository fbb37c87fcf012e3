package ai;

/**
 * A provider answered, and the answer cannot be used. The message says what is wrong with it; it never holds the
 * request, the key or the whole answer.
 */
public class UnusableAnswer extends RuntimeException {

    public UnusableAnswer(String problem) {
        super(problem);
    }
}

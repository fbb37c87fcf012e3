package ai;

import events.Lasting;

/**
 * A provider's answer that asking again another day does not mend: failure-policy makes a dead letter of it. What can be
 * mended, the model is told of once, while its words are still at hand (route {@code mend-chat}).
 */
public final class WrongAnswer extends UnusableAnswer implements Lasting {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_ANSWER = 8_000;

    private final String answer;
    private final String remedy;

    private WrongAnswer(String problem, String quoted, String answer, String remedy) {
        super(problem, quoted);
        this.answer = answer;
        this.remedy = remedy;
    }

    /** A refusal, an answer that was cut off or held back: the same question would come to the same, and cost the same. */
    static WrongAnswer lasting(String problem, String quoted) {
        return new WrongAnswer(problem, quoted, null, null);
    }

    /**
     * The model answered in the wrong form.
     *
     * @param quoted a part of them for the operator, or null
     * @param answer the model's own words
     * @param remedy what to tell it. None of its words, which may be those of a stranger: it is not their turn to speak
     */
    static WrongAnswer inWrongForm(String problem, String quoted, String answer, String remedy) {
        int end = Math.min(answer.length(), LONGEST_ANSWER);
        return new WrongAnswer(problem, quoted, answer.substring(0, end), remedy);
    }

    /** For routes: whether the model may be told what was wrong. */
    public boolean isMendable() {
        return remedy != null;
    }

    /** What the model said; null when it cannot be mended. */
    String answer() {
        return answer;
    }

    /** What to tell the model; null when it cannot be mended. */
    String remedy() {
        return remedy;
    }
}

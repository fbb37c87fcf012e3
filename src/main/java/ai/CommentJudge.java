package ai;

/**
 * Says what becomes of a comment, by how likely it is advertising and how likely abuse. The thresholds were chosen on
 * comments that the weights were not learned from: the most spam caught with at most one real comment in a hundred
 * called spam.
 *
 * @param spam knows advertising
 * @param abuse knows insults, threats and hate
 */
record CommentJudge(CommentModel spam, CommentModel abuse) {

    /** From here on a comment that shows a sign of advertising is spam. */
    static final double SPAM_FROM = 0.75;

    /** The same for one that shows none, whose wording alone has to condemn it. */
    static final double SPAM_WITHOUT_SIGN_FROM = 0.8;

    /** Up to here it is approved; between the two it is held. */
    static final double APPROVE_UP_TO = 0.2;

    /** From here on it is held, whatever else it is but spam. */
    static final double ABUSE_FROM = 0.5;

    /**
     * What was found.
     *
     * @param verdict {@code approve}, {@code hold} or {@code spam}
     * @param spam how likely it is advertising, 0–1
     * @param abuse how likely it is abuse, 0–1; 1 for one with words of abuse
     */
    record Judgement(String verdict, double spam, double abuse) {
        /** Whether it is held for abuse. */
        boolean isAbuse() {
            return verdict.equals("hold") && abuse >= ABUSE_FROM;
        }
    }

    /** The one with the weights that the project ships. */
    static CommentJudge shipped() {
        return Shipped.JUDGE;
    }

    Judgement judge(float[] vector, CommentFeatures comment) {
        double likelySpam = spam.probability(vector, comment);
        double likelyAbuse = comment.abuses().isEmpty() ? abuse.probability(vector, comment) : 1;
        return new Judgement(verdict(comment, likelySpam, likelyAbuse), likelySpam, likelyAbuse);
    }

    private static String verdict(CommentFeatures comment, double likelySpam, double likelyAbuse) {
        boolean abusive = likelyAbuse >= ABUSE_FROM;
        if (likelySpam >= SPAM_FROM && comment.suspicious() || likelySpam >= SPAM_WITHOUT_SIGN_FROM && !abusive) {
            return "spam";
        }
        return abusive || likelySpam > APPROVE_UP_TO ? "hold" : "approve";
    }

    private static final class Shipped {
        static final CommentJudge JUDGE = new CommentJudge(
                CommentModel.read("/ai/spam-weights.json"), CommentModel.read("/ai/abuse-weights.json"));
    }
}

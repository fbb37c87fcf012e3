package ai;

/** Counts how verdicts agree with labels; only {@code spam} counts as calling a comment spam. */
final class Verdicts {

    private int caught;
    private int missed;
    private int approvedSpam;
    private int falselyAccused;
    private int real;
    private int held;

    void add(boolean spam, String verdict) {
        boolean called = verdict.equals("spam");
        caught += spam && called ? 1 : 0;
        missed += spam && !called ? 1 : 0;
        approvedSpam += spam && verdict.equals("approve") ? 1 : 0;
        falselyAccused += !spam && called ? 1 : 0;
        real += spam ? 0 : 1;
        held += verdict.equals("hold") ? 1 : 0;
    }

    double f1() {
        return 2.0 * caught / (2 * caught + falselyAccused + missed);
    }

    /** The part of the real comments that was called spam, 0–1. */
    double falseSpam() {
        return falselyAccused / (double) real;
    }

    @Override
    public String toString() {
        return String.format(
                "F1 %.3f  precision %.3f  recall %.3f  false spam %.2f %%  held %d of %d  spam approved %d",
                f1(),
                caught / (double) (caught + falselyAccused),
                caught / (double) (caught + missed),
                100 * falseSpam(),
                held,
                caught + missed + real,
                approvedSpam);
    }
}

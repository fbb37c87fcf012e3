package ai;

/**
 * A comment of which somebody said what it is.
 *
 * @param label {@code spam}, {@code abuse} or {@code real}
 * @param group what it stood under, such as a video; empty when that is not known
 * @param language an ISO 639-1 code; empty when that is not known
 */
public record LabelledComment(String label, String group, String language, String text) {

    static final String SPAM = "spam";
    static final String ABUSE = "abuse";
    static final String REAL = "real";
}

package events;

/**
 * What an AI answered to one task for one event.
 *
 * @param model cut to 128 characters
 * @param answer JSON, validated
 */
public record Answer(String task, String provider, String model, String answer) {
    /** The width of the column. */
    private static final int LONGEST_MODEL = 128;

    public Answer {
        model = model.substring(0, Math.min(model.length(), LONGEST_MODEL));
    }
}

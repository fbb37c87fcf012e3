package events;

/**
 * What an AI answered to one task for one event.
 *
 * @param answer JSON, validated
 */
public record Answer(String task, String provider, String model, String answer) {}

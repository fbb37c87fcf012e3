package events;

/** A failure that no later try mends: failure-policy makes a dead letter of it. */
public interface Lasting {}

package events;

import java.util.Set;

/** The events whose work takes seconds and goes on in several attempts: nobody is to wait for one, nor judge others by it. */
public final class Lengthy {
    private static final Set<String> EVENTS = Set.of(BatchItems.EVENT, Erasures.EVENT);

    private Lengthy() {}

    public static boolean is(String event) {
        return EVENTS.contains(event);
    }
}

package pages;

/** Says why an event is not done yet. */
final class Waiting {
    private Waiting() {}

    static String sentence(EventView event) {
        String given = event.text("waiting");
        if (!given.isEmpty()) {
            return given;
        }
        if (event.text("status").equals("processing")) {
            return "It is being worked on.";
        }
        return event.moment("due_at") == null ? "It waits for its turn." : "It waits for its next try.";
    }
}

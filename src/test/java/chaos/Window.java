package chaos;

/** A time from one {@link System#nanoTime()} to another, its end excluded. */
record Window(long from, long to) {}

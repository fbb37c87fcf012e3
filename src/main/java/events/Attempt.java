package events;

import java.time.OffsetDateTime;

/** @param outcome {@code done}, {@code retry} or {@code error} */
public record Attempt(int attempt, OffsetDateTime startedAt, OffsetDateTime finishedAt, String outcome, String error) {}

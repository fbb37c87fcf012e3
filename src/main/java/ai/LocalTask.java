package ai;

import java.util.Map;

/** Something the local provider can do without asking anybody. */
@FunctionalInterface
interface LocalTask {

    /**
     * Answers for one event.
     *
     * @param event the event's fields; any of them may be missing, empty or not what it should be
     * @return the fields of the task's schema, {@code schemas/ai/<task>.json}
     */
    Map<String, Object> answer(Map<String, Object> event);
}

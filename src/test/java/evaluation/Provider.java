package evaluation;

import java.util.Map;

/** Whoever answers tasks: what is scored. */
@FunctionalInterface
interface Provider {

    /**
     * An answer.
     *
     * @param fields of the task's schema; empty when there was no answer of use
     * @param keptLimits whether nothing had to be shortened, taken out or refused
     */
    record Answer(Map<String, Object> fields, boolean keptLimits) {
        static final Answer NONE = new Answer(Map.of(), false);

        String text(String field) {
            Object value = fields.get(field);
            return value == null ? "" : value.toString();
        }
    }

    Answer answer(String task, Map<String, Object> event);
}

package chaos;

import java.util.List;

/**
 * What became of the acknowledged events of a row.
 *
 * @param lost acknowledged, without an effect and without a reason why; each as "key: what is known"
 * @param doubled more than one effect, or two different results for one event, each as "key: what is known"
 * @param dead dead letters, each as "key: reason"
 */
record Verdict(int acknowledged, List<String> lost, List<String> doubled, List<String> dead) {}

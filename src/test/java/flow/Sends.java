package flow;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WhenDefinition;

/** What a route sends, and when: its steps walked through, those within choices, loops and catches too. */
final class Sends {
    /** A condition that compares with a text, which says all there is to say: {@code … == 'post.published'}. */
    private static final Pattern COMPARED = Pattern.compile("== '([^']+)'");

    private final Set<String> idsOfOthers;
    private final List<Send> found = new ArrayList<>();

    /** @param when a word for the condition, or empty; whether it is what follows a failure */
    record Send(String uri, String when, boolean isOfFailure) {}

    private Sends(Set<String> idsOfOthers) {
        this.idsOfOthers = idsOfOthers;
    }

    /** @param idsOfOthers steps that Camel has copied into a route, from a routeConfiguration */
    static List<Send> of(ProcessorDefinition<?> route, Set<String> idsOfOthers) {
        Sends sends = new Sends(idsOfOthers);
        route.getOutputs().forEach(step -> sends.walk(step, "", false));
        return sends.found;
    }

    static List<Send> of(List<OnExceptionDefinition> policy) {
        Sends sends = new Sends(Set.of());
        policy.forEach(step -> sends.walk(step, "", true));
        return sends.found;
    }

    /** The ids of all steps that send. */
    static Set<String> ids(List<OnExceptionDefinition> policy) {
        Set<String> ids = new HashSet<>();
        policy.forEach(step -> step.getOutputs().forEach(send -> ids.add(send.getId())));
        return ids;
    }

    private void walk(ProcessorDefinition<?> step, String when, boolean isOfFailure) {
        if (idsOfOthers.contains(step.getId())) {
            return;
        }
        if (step instanceof ToDynamicDefinition send) {
            add(send.getUri(), when, isOfFailure);
        } else if (step instanceof SendDefinition<?> send) {
            add(send.getEndpointUri(), when, isOfFailure);
        }
        boolean isFailure = isOfFailure || step instanceof CatchDefinition || step instanceof OnExceptionDefinition;
        if (step instanceof ChoiceDefinition choice) {
            choice.getWhenClauses().forEach(branch -> branches(branch.getOutputs(), condition(branch), isFailure));
            if (choice.getOtherwise() != null) {
                branches(choice.getOtherwise().getOutputs(), "", isFailure);
            }
        } else {
            branches(step.getOutputs(), step instanceof SplitDefinition ? "each" : when, isFailure);
        }
    }

    private void branches(List<ProcessorDefinition<?>> steps, String when, boolean isOfFailure) {
        steps.forEach(step -> walk(step, when, isOfFailure));
    }

    private void add(String uri, String when, boolean isOfFailure) {
        Send send = new Send(uri, isOfFailure ? "" : when, isOfFailure);
        if (!found.contains(send)) {
            found.add(send);
        }
    }

    private static String condition(WhenDefinition branch) {
        Matcher compared =
                COMPARED.matcher(String.valueOf(branch.getExpression().getExpression()));
        return compared.find() ? compared.group(1) : "";
    }
}

package flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A flow as text for a Markdown file: flowcharts of Mermaid, which GitHub draws, and a table of what is left. */
final class Drawing {
    private static final String START = "receive-event";
    private static final String AI = "ask-ai";
    private static final String REST = "The rest";

    /** Where each part of the way begins; a route is in the part from which it is first come to. */
    private static final Map<String, String> PARTS = parts();

    private final Flow flow;

    Drawing(Flow flow) {
        this.flow = flow;
    }

    private static Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(START, "Intake");
        parts.put("dispatch-events", "Queue");
        parts.put("recover-stranded", "Queue");
        parts.put("process-event", "Work");
        parts.put("failure-policy", "Failure");
        parts.put("dead-letter", "Failure");
        parts.put("hand-back", "Failure");
        parts.put("enrich-post", "Automations");
        parts.put("moderate-comment", "Automations");
        parts.put("qualify-lead", "Automations");
        parts.put("run-batch", "Automations");
        parts.put("test-connection", "Automations");
        parts.put("erase-requested", "Automations");
        parts.put("on-<event> of your own", "Automations");
        parts.put("call-back-wordpress", "Results");
        parts.put("ask-wordpress", "Results");
        parts.put("notify-crm", "Results");
        return parts;
    }

    String markdown() {
        Map<String, String> way = flow.reachable(START, AI::equals);
        Map<String, String> asking = flow.reachable(AI, place -> false);
        return """
                **The way of an event.** Solid: what is sent on. Dashed: what follows a failure.

                %s
                **Asking the AI**, from `ask-ai` on.

                %s
                **Beside the way of an event**

                %s""".formatted(chart("TB", way, grouped(way)), chart("LR", asking, Map.of()), table(way, asking));
    }

    private Map<String, Set<String>> grouped(Map<String, String> places) {
        Map<String, String> partOf = new LinkedHashMap<>();
        places.forEach(
                (place, before) -> partOf.put(place, PARTS.getOrDefault(place, partOf.getOrDefault(before, REST))));
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        partOf.forEach((place, part) -> {
            if (isRoute(place) || place.contains("<")) {
                groups.computeIfAbsent(part, unseen -> new LinkedHashSet<>()).add(place);
            }
        });
        groups.get(partOf.get(AI)).remove(AI);
        return groups;
    }

    private String chart(String direction, Map<String, String> places, Map<String, Set<String>> groups) {
        List<String> lines = new ArrayList<>(List.of("```mermaid", "flowchart " + direction));
        Set<String> drawn = new LinkedHashSet<>();
        groups.forEach((name, members) -> {
            lines.add("  subgraph " + name);
            members.forEach(place -> lines.add("    " + node(place)));
            lines.add("  end");
            drawn.addAll(members);
        });
        places.keySet().stream()
                .filter(place -> !drawn.contains(place))
                .forEach(place -> lines.add("  " + node(place)));
        for (Flow.Arrow arrow : arrows(places)) {
            String label = arrow.when().isEmpty() ? "" : "|" + arrow.when() + "|";
            lines.add("  %s %s%s %s"
                    .formatted(name(arrow.from()), arrow.isOfFailure() ? "-.->" : "-->", label, name(arrow.to())));
        }
        lines.add("```\n");
        return String.join("\n", lines);
    }

    /** Those between the places, in their order, which does not depend on the one in which files are read. */
    private List<Flow.Arrow> arrows(Map<String, String> places) {
        return places.keySet().stream()
                .filter(place -> !(place.equals(AI) && places.containsKey(START)))
                .flatMap(place -> flow.arrowsFrom(place).filter(arrow -> places.containsKey(arrow.to())))
                .toList();
    }

    private boolean isRoute(String place) {
        return flow.nodes().stream().anyMatch(node -> node.id().equals(place));
    }

    private String node(String place) {
        if (Places.isQueue(place)) {
            return name(place) + "[(\"" + place + "\")]";
        }
        String text = place.replace("<", "‹").replace(">", "›");
        return name(place) + (isRoute(place) || place.contains("<") ? "[\"" + text + "\"]" : "([\"" + text + "\"])");
    }

    /** Of a node: some words, such as end, mean something to Mermaid. */
    private static String name(String place) {
        return "n_" + place.replaceAll("[^a-zA-Z]+", "_");
    }

    private String table(Map<String, String> way, Map<String, String> asking) {
        return flow.nodes().stream()
                .filter(node -> !way.containsKey(node.id()) && !asking.containsKey(node.id()))
                .map(node -> "| `%s` | %s | %s |".formatted(node.id(), node.from(), node.description()))
                .collect(Collectors.joining("\n", "| route | from | what it does |\n|---|---|---|\n", "\n"));
    }
}

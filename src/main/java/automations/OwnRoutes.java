package automations;

import events.FailureReason;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.util.ObjectHelper;

/** The routes of {@code RELAY_AUTOMATIONS_DIR}: which run, and what becomes of a file that cannot be used. */
public final class OwnRoutes {
    /** Those of the relay's that a route of the user's may take the place of. The others are what its promises rest on. */
    private static final Set<String> REPLACEABLE = Set.of(
            "enrich-post", "moderate-comment", "qualify-lead", "fetch-post", "notify-crm", "ask-local", "ask-openai");

    private final ModelCamelContext context;
    private final Clock clock;
    private final UnaryOperator<String> redact;
    private final RouteVersions versions;
    private final Map<String, Running> running = new TreeMap<>();
    /** Whose place was taken, while {@link #replace} is at work. */
    private final List<RouteFile> replaced = new ArrayList<>();

    private final Map<String, Source> tried = new HashMap<>();
    private Set<String> ids = Set.of();
    private Set<String> froms = Set.of();

    /** @param brokenSince null for what the file says; since when it only lets events wait: it was broken at the start */
    private record Running(RouteFile file, Instant brokenSince) {
        boolean isStandIn() {
            return brokenSince != null;
        }
    }

    /** Another file has what this one needs; it may give it up in the same moment. */
    private static final class Taken extends IOException {
        private static final long serialVersionUID = 1L;

        Taken(String what, String file) {
            super(what + " is in " + file + " too");
        }
    }

    /** @param redact takes secrets out of what Camel says is wrong */
    public OwnRoutes(ModelCamelContext context, Clock clock, UnaryOperator<String> redact) {
        this.context = context;
        this.clock = clock;
        this.redact = redact;
        this.versions = new RouteVersions(context);
    }

    /** Before any of the user's is there: what is the relay's, and theirs to stay away from. */
    void takeStock() {
        ids = context.getRoutes().stream().map(Route::getId).collect(Collectors.toSet());
        froms = context.getRoutes().stream()
                .map(route -> route.getEndpoint().getEndpointBaseUri())
                .filter(uri -> uri.startsWith("direct://"))
                .map(uri -> uri.substring("direct://".length()))
                .collect(Collectors.toSet());
    }

    /**
     * Starts what is new or changed and ends what is not there any more: at last, so that no event finds a gap when a file
     * gets another name, or a route another file.
     */
    void replace(Map<String, Source> files, boolean isStart) {
        for (String gone : Set.copyOf(running.keySet())) {
            if (!files.containsKey(gone)) {
                replaced.add(running.remove(gone).file());
            }
        }
        tried.keySet().retainAll(files.keySet());
        List<String> again = new ArrayList<>();
        files.forEach((name, source) -> {
            if (!source.equals(tried.put(name, source)) && !take(name, source, isStart, false)) {
                again.add(name);
            }
        });
        again.forEach(name -> take(name, files.get(name), isStart, true));
        replaced.forEach(file -> versions.retire(file.routes()));
        replaced.clear();
    }

    /** @return false if it is to be tried once more, after the others */
    private boolean take(String name, Source source, boolean isStart, boolean isLastTry) {
        try {
            RouteFile file = RouteFile.read(name, source, context);
            checkApart(name, file);
            versions.start(file.routes());
            put(name, new Running(file, null));
        } catch (Taken e) {
            if (!isLastTry) {
                return false;
            }
            tried.remove(name); // the next change of the other file may make room
            broken(name, source, isStart, e);
        } catch (Exception e) {
            broken(name, source, isStart, e);
        }
        return true;
    }

    private void put(String name, Running now) {
        Running before = running.put(name, now);
        if (before != null) {
            replaced.add(before.file());
        }
    }

    private void checkApart(String name, RouteFile file) throws IOException {
        for (Map.Entry<String, String> route : file.names().entrySet()) {
            String from = route.getValue();
            if (froms.contains(from) && !REPLACEABLE.contains(from)) {
                throw new IOException("direct:" + from + " is the relay's own and cannot be replaced; these can: "
                        + REPLACEABLE.stream().sorted().collect(Collectors.joining(", ")));
            }
            if (ids.contains(route.getKey()) && !route.getKey().equals(from)) {
                throw new IOException("'" + route.getKey() + "' is the id of a route of the relay's; take another");
            }
            for (Map.Entry<String, Running> other : running.entrySet()) {
                checkApart(name, route, other);
            }
        }
    }

    private static void checkApart(String name, Map.Entry<String, String> route, Map.Entry<String, Running> other)
            throws Taken {
        if (other.getKey().equals(name) || other.getValue().isStandIn()) {
            return;
        }
        Map<String, String> names = other.getValue().file().names();
        if (names.containsKey(route.getKey())) {
            throw new Taken("route '" + route.getKey() + "'", other.getKey());
        }
        if (names.containsValue(route.getValue())) {
            throw new Taken("a route from direct:" + route.getValue(), other.getKey());
        }
    }

    private void broken(String name, Source source, boolean isStart, Exception failure) {
        String problem = redact.apply(problem(failure));
        Running now = running.get(name);
        boolean isMissed = isStart || now != null && now.isStandIn();
        if (isMissed) {
            standIn(name, source, problem);
        }
        BrokenFile.say(name, isMissed ? BrokenFile.WAITS : null, now != null, problem);
    }

    /** In one line: in which route, and what is at the bottom of it. */
    private static String problem(Exception failure) {
        FailedToCreateRouteException failed = ObjectHelper.getException(FailedToCreateRouteException.class, failure);
        String where = failed == null ? "" : "route '" + failed.getRouteId().replaceFirst("@\\d+$", "") + "': ";
        ExpressionIllegalSyntaxException syntax =
                ObjectHelper.getException(ExpressionIllegalSyntaxException.class, failure);
        return where
                + (syntax == null
                        ? FailureReason.rootLine(failure)
                        : syntax.getMessage().lines().limit(2).collect(Collectors.joining(": ")));
    }

    /**
     * Nobody knows what a file said that is broken at the start. Its events are neither lost, nor given to the relay's own
     * route in its place: they wait.
     */
    private void standIn(String name, Source source, String problem) {
        Set<String> claims = new HashSet<>(RouteFile.claims(name, source));
        running.forEach((file, other) -> {
            if (file.equals(name)) {
                claims.addAll(other.file().names().values());
            } else {
                claims.removeAll(other.file().names().values());
            }
        });
        claims.removeIf(from -> froms.contains(from) && !REPLACEABLE.contains(from));
        try {
            Running before = running.get(name);
            Instant since = before != null && before.isStandIn() ? before.brokenSince() : clock.instant();
            RouteFile file = StandIn.of(name, claims, problem, since, clock, context);
            versions.start(file.routes());
            put(name, new Running(file, since));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** To be called now and then: what was replaced, and has nothing in hand any more, ends. */
    void tidyUp() throws Exception {
        versions.removeIdle();
    }
}

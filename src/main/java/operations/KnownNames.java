package operations;

import events.EventLog;
import events.EventQuery;
import ingress.EventSchemas;
import ingress.RejectedRequest;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sites.Sites;

/** The sites and the names of events that a filter can ask for. */
public final class KnownNames {
    /** More than these are not listed where one was mistyped. */
    private static final int MOST_LISTED = 20;

    private final Sites sites;
    private final EventSchemas schemas;
    private final EventLog eventLog;

    public KnownNames(Sites sites, EventSchemas schemas, EventLog eventLog) {
        this.sites = sites;
        this.schemas = schemas;
        this.eventLog = eventLog;
    }

    /** When it is first asked for: it would be a tenth of the start. */
    private static final class BuiltIn {
        static final Set<String> EVENTS = events();

        private static Set<String> events() {
            Set<String> events = new TreeSet<>();
            ApiDescription.read()
                    .at("/components/schemas/Event/oneOf")
                    .forEach(event -> events.add(event.path("$ref").asText().replaceFirst(".*/", "")));
            return events;
        }
    }

    /** Those that the relay has a schema for. */
    public Set<String> events() {
        Set<String> names = new TreeSet<>(BuiltIn.EVENTS);
        names.addAll(schemas.own().keySet());
        return names;
    }

    /** Those that the relay works for. */
    public Set<String> sites() {
        return new TreeSet<>(sites.ids());
    }

    /** And those that there are events of: of a site that was taken out of the settings, for some time. */
    private Set<String> sitesEver() {
        Set<String> names = sites();
        names.addAll(eventLog.sites());
        return names;
    }

    /**
     * To be asked when nothing matches: a name that was mistyped must not pass for "there is none".
     *
     * @throws RejectedRequest 422 that says which names there are
     */
    void check(EventQuery query) {
        check("site", query.site(), query.site() == null ? Set.of() : sitesEver());
        check("event", query.event(), query.event() == null ? Set.of() : events());
    }

    private static void check(String field, String name, Set<String> known) {
        if (name != null && !known.contains(name)) {
            throw RejectedRequest.invalidParameter(
                    field, "'" + name + "' is not known here, and nothing has it; " + listed(known));
        }
    }

    /** What is wrong with the name of a site that the relay does not work for, as the end of a sentence. */
    public static String unknownSite(String name, Sites sites) {
        return "'" + name + "' is not known here; " + listed(new TreeSet<>(sites.ids()));
    }

    private static String listed(Set<String> known) {
        String more = known.size() > MOST_LISTED ? " and " + (known.size() - MOST_LISTED) + " more" : "";
        return known.stream()
                .limit(MOST_LISTED)
                .collect(Collectors.joining(", ", known.size() == 1 ? "there is " : "there are ", more));
    }
}

package jmx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import events.WaitingEvents.Now;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import operations.ManagementClient;
import org.springframework.dao.DataAccessException;
import wordpress.SitePauses;

/** Asks the relay's own HTTP interface for operators, as the command line does: the same filters, checks and answers. */
public final class Relay implements RelayBean, AutoCloseable {
    private static final String NAME = "ai.relay:type=Events";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ManagementClient client;
    private final Supplier<Optional<Now>> waiting;
    private final SitePauses pauses;

    public Relay(ManagementClient client, Supplier<Optional<Now>> waiting, SitePauses pauses) {
        this.client = client;
        this.waiting = waiting;
        this.pauses = pauses;
    }

    /** In place of that of a relay that was stopped in the same JVM. */
    public Relay register() throws JMException {
        close();
        server().registerMBean(new DescribedBean(this, RelayBean.class), new ObjectName(NAME));
        return this;
    }

    @Override
    public void close() throws JMException {
        ObjectName name = new ObjectName(NAME);
        if (server().isRegistered(name)) {
            server().unregisterMBean(name);
        }
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }

    @Override
    public long getWaiting() {
        return latest(now -> now.ofAll().unfinished());
    }

    @Override
    public long getOldestSeconds() {
        return latest(now -> Math.max(now.dueSeconds(), now.processingSeconds()));
    }

    @Override
    public long getDeadLetters() {
        return latest(now -> now.ofAll().dead());
    }

    /** -1: the database is away. */
    private long latest(ToDoubleFunction<Now> value) {
        return waiting.get().map(now -> (long) value.applyAsDouble(now)).orElse(-1L);
    }

    @Override
    public String[] getPausedSites() {
        try {
            return pauses.list().stream()
                    .map(pause -> pause.site() + ": " + pause.reason())
                    .toArray(String[]::new);
        } catch (DataAccessException e) {
            return new String[] {"The database is away."};
        }
    }

    @Override
    public String search(String status, String event, String site, String since, String until, String search)
            throws Exception {
        Map<String, Object> parameters = filters(event, site, since, until, search);
        put(parameters, "status", status);
        return ask("GET", "/events", parameters);
    }

    @Override
    public String deadLetters() throws Exception {
        return ask("GET", "/events", Map.of("status", "error"));
    }

    @Override
    public String show(String key, String site) throws Exception {
        Map<String, Object> parameters = new HashMap<>();
        put(parameters, "site", site);
        return ask("GET", "/events/" + ManagementClient.encode(key), parameters);
    }

    @Override
    public String replay(String key, String site, boolean force, boolean dryRun) throws Exception {
        Map<String, Object> parameters = new HashMap<>(Map.of("force", force, "dry_run", dryRun));
        put(parameters, "site", site);
        return ask("POST", "/events/" + ManagementClient.encode(key) + "/replay", parameters);
    }

    @Override
    public String replayMatching(String event, String site, String since, String until, String search, boolean dryRun)
            throws Exception {
        Map<String, Object> parameters = filters(event, site, since, until, search);
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("Say which events: at least one of event, site, since, until, search.");
        }
        parameters.put("dry_run", dryRun);
        return ask("POST", "/events/replay", parameters);
    }

    @Override
    public String pauseSite(String site, String until, String reason) throws Exception {
        Map<String, Object> parameters = new HashMap<>();
        put(parameters, "until", until);
        put(parameters, "reason", reason);
        return ask("POST", "/sites/" + ManagementClient.encode(site) + "/pause", parameters);
    }

    @Override
    public String resumeSite(String site) throws Exception {
        return ask("POST", "/sites/" + ManagementClient.encode(site) + "/resume", Map.of());
    }

    private static Map<String, Object> filters(String event, String site, String since, String until, String search) {
        Map<String, Object> parameters = new HashMap<>();
        put(parameters, "event", event);
        put(parameters, "site", site);
        put(parameters, "since", since);
        put(parameters, "until", until);
        put(parameters, "search", search);
        return parameters;
    }

    /** A console sends an empty field as an empty text. */
    private static void put(Map<String, Object> parameters, String name, String value) {
        if (value != null && !value.isBlank()) {
            parameters.put(name, value.strip());
        }
    }

    /** @throws IllegalArgumentException with what the relay answered: a console shows its message and nothing else */
    private String ask(String method, String path, Map<String, Object> parameters) throws InterruptedException {
        try {
            JsonNode answer = client.call(method, path + ManagementClient.query(parameters));
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The relay's answer is no JSON.");
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage() == null ? "The relay does not answer." : e.getMessage());
        }
    }
}

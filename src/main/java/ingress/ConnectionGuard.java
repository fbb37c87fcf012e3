package ingress;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Keeps clients that take their time, by intent or not, from taking the relay's memory and other clients' turn: what
 * they begin has to be complete in time, and when too much has begun the oldest that is not complete gives way.
 */
final class ConnectionGuard {
    /** For the first request's head, and for each body. Whoever signs a request has all of it. */
    static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);

    /** From an answer to the end of the next request's head. */
    static final Duration LONGEST_REST = Duration.ofSeconds(60);

    /** Each of them may hold as much memory as a body may have. */
    static final int MOST_REQUESTS = 512;

    private static final int MOST_CONNECTIONS = 10_000;

    /** In seconds. */
    private static final int RETRY_AFTER = 2;

    private final LongSupplier nanoTime;
    private final int mostConnections;
    private final Map<HttpConnection, Visitor> visitors = new ConcurrentHashMap<>();
    private final Set<Visitor> underWay = new LinkedHashSet<>();

    /** A connection, and the request that is under way on it. */
    private static final class Visitor {
        private final HttpConnection connection;
        private volatile long due;
        private volatile HttpServerRequest request;

        private Visitor(HttpConnection connection, long due) {
            this.connection = connection;
            this.due = due;
        }

        private boolean isWaitedFor() {
            HttpServerRequest current = request;
            return current == null || !current.isEnded();
        }

        private boolean isLate(long now) {
            return isWaitedFor() && now - due > 0;
        }
    }

    /** @param nanoTime a clock that nobody sets */
    ConnectionGuard(LongSupplier nanoTime) {
        this(nanoTime, MOST_CONNECTIONS);
    }

    ConnectionGuard(LongSupplier nanoTime, int mostConnections) {
        this.nanoTime = nanoTime;
        this.mostConnections = mostConnections;
    }

    void connected(HttpConnection connection) {
        if (visitors.size() >= mostConnections) {
            endIdlest();
        }
        visitors.put(connection, new Visitor(connection, in(LONGEST_REQUEST)));
        connection.closeHandler(closed -> forget(connection));
    }

    /** The head of a request is there. */
    void begin(RoutingContext request) {
        Visitor visitor = visitors.get(request.request().connection());
        if (visitor == null) { // It is closed already.
            request.next();
            return;
        }
        visitor.due = in(LONGEST_REQUEST);
        visitor.request = request.request();
        if (isRoomFor(visitor)) {
            request.addEndHandler(end -> end(visitor));
            request.next();
        } else {
            // Its body is not read, so the connection cannot be used again.
            request.response().putHeader("Connection", "close").endHandler(end -> visitor.connection.close());
            HttpErrors.answer(request, RejectedRequest.busy(RETRY_AFTER));
        }
    }

    /** The one without a request whose time is up first. There is one: fewer requests may be under way. */
    private void endIdlest() {
        visitors.values().stream()
                .filter(visitor -> visitor.request == null)
                .min(Comparator.comparingLong(visitor -> visitor.due - nanoTime.getAsLong()))
                .ifPresent(visitor -> visitor.connection.close());
    }

    private void end(Visitor visitor) {
        visitor.due = in(LONGEST_REST);
        visitor.request = null;
        synchronized (underWay) {
            underWay.remove(visitor);
        }
    }

    private boolean isRoomFor(Visitor visitor) {
        synchronized (underWay) {
            if (underWay.size() >= MOST_REQUESTS && !endOldest()) {
                return false;
            }
            underWay.add(visitor);
            return true;
        }
    }

    private boolean endOldest() {
        for (Iterator<Visitor> oldest = underWay.iterator(); oldest.hasNext(); ) {
            Visitor visitor = oldest.next();
            if (visitor.isWaitedFor()) {
                oldest.remove();
                visitor.connection.close();
                return true;
            }
        }
        return false;
    }

    /** Ends the connections that are late; to be called now and then. */
    void sweep() {
        long now = nanoTime.getAsLong();
        visitors.values().stream()
                .filter(visitor -> visitor.isLate(now))
                .forEach(visitor -> visitor.connection.close());
    }

    int connections() {
        return visitors.size();
    }

    private void forget(HttpConnection connection) {
        Visitor visitor = visitors.remove(connection);
        if (visitor != null) {
            synchronized (underWay) {
                underWay.remove(visitor);
            }
        }
    }

    private long in(Duration duration) {
        return nanoTime.getAsLong() + duration.toNanos();
    }
}

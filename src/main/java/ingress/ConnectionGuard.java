package ingress;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Keeps clients that take their time, by intent or not, from taking the relay's memory and other clients' turn: what
 * they begin has to be complete in time, and when too much has begun the oldest that is not complete gives way. Every
 * event loop calls it, with the lock of one of its connections held, which Vert.x wants for nearly all that is asked of
 * a connection. So it asks nothing of another but on that one's own event loop.
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

    /** A connection, and whether the request that is under way on it has come to its end. */
    private static final class Visitor {
        private final HttpConnection connection;
        private final Context loop;
        private volatile long due;
        /** Null between requests. */
        private volatile AtomicBoolean isComplete;

        private Visitor(HttpConnection connection, Context loop, long due) {
            this.connection = connection;
            this.loop = loop;
            this.due = due;
        }

        private boolean isWaitedFor() {
            AtomicBoolean current = isComplete;
            return current == null || !current.get();
        }

        private boolean isLate(long now) {
            return isWaitedFor() && now - due > 0;
        }

        private void close() {
            loop.runOnContext(then -> connection.close());
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

    /** On the connection's event loop. */
    void connected(HttpConnection connection) {
        if (visitors.size() >= mostConnections) {
            endIdlest();
        }
        visitors.put(connection, new Visitor(connection, Vertx.currentContext(), in(LONGEST_REQUEST)));
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
        AtomicBoolean isComplete = new AtomicBoolean();
        request.request().end().onSuccess(end -> isComplete.set(true));
        visitor.isComplete = isComplete;
        if (isRoomFor(visitor)) {
            request.addEndHandler(end -> end(visitor));
            request.next();
        } else {
            // Its body is not read, so the connection cannot be used again.
            request.response().putHeader("Connection", "close").endHandler(end -> visitor.close());
            HttpErrors.answer(request, RejectedRequest.busy(RETRY_AFTER));
        }
    }

    /** The one without a request whose time is up first. There is one: fewer requests may be under way. */
    private void endIdlest() {
        visitors.values().stream()
                .filter(visitor -> visitor.isComplete == null)
                .min(Comparator.comparingLong(visitor -> visitor.due - nanoTime.getAsLong()))
                .ifPresent(this::giveWay);
    }

    /** Out of the way at once, so that the next one that comes meanwhile finds another. */
    private void giveWay(Visitor visitor) {
        visitors.remove(visitor.connection);
        visitor.close();
    }

    private void end(Visitor visitor) {
        visitor.due = in(LONGEST_REST);
        visitor.isComplete = null;
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
                visitor.close();
                return true;
            }
        }
        return false;
    }

    /** Ends the connections that are late; to be called now and then. */
    void sweep() {
        long now = nanoTime.getAsLong();
        visitors.values().stream().filter(visitor -> visitor.isLate(now)).forEach(Visitor::close);
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

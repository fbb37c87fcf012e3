package http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/**
 * Ends an exchange whose answer is too long, or is not all there in time. The time-out of a socket begins anew with each
 * byte, so a server that trickles would hold a worker for as long as it likes.
 */
final class BoundedExchange implements ExecChainHandler {
    /** No post or model answer comes near it. */
    static final long MOST_BYTES = 4L * 1024 * 1024;

    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final Duration longest;

    BoundedExchange(Duration longest) {
        this.longest = longest;
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Deadline deadline = new Deadline((Cancellable) scope.originalRequest, longest);
        try {
            ClassicHttpResponse response = chain.proceed(request, scope);
            HttpEntity entity = response.getEntity();
            if (entity == null) {
                deadline.end();
            } else {
                response.setEntity(new BoundedEntity(entity, deadline));
            }
            return response;
        } catch (IOException | HttpException | RuntimeException e) {
            deadline.end();
            deadline.check(e);
            throw e;
        }
    }

    private static ScheduledThreadPoolExecutor timer() {
        ThreadFactory threads = task -> {
            Thread thread = Executors.defaultThreadFactory().newThread(task);
            thread.setName("http-deadlines");
            thread.setDaemon(true);
            return thread;
        };
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** Closes the connection under whoever still reads from it when the time is over. */
    private static final class Deadline {
        private final Cancellable request;
        private final Duration longest;
        private final Future<?> timer;
        private volatile boolean isOver;

        Deadline(Cancellable request, Duration longest) {
            this.request = request;
            this.longest = longest;
            this.timer = TIMER.schedule(
                    () -> {
                        isOver = true;
                        request.cancel();
                    },
                    longest.toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        void end() {
            timer.cancel(false);
        }

        /** Whoever closes the answer would read the rest of it, which may have no end. */
        void abort() {
            end();
            request.cancel();
        }

        /** @throws SocketTimeoutException as for any other server that takes too long, if that is why it failed */
        void check(Exception failure) throws SocketTimeoutException {
            if (isOver) {
                SocketTimeoutException timeout =
                        new SocketTimeoutException("no complete answer within " + longest.toMillis() + " ms");
                timeout.initCause(failure);
                throw timeout;
            }
        }
    }

    private static final class BoundedEntity extends HttpEntityWrapper {
        private final Deadline deadline;

        BoundedEntity(HttpEntity entity, Deadline deadline) {
            super(entity);
            this.deadline = deadline;
        }

        @Override
        public InputStream getContent() throws IOException {
            return new BoundedStream(super.getContent(), deadline);
        }
    }

    private static final class BoundedStream extends FilterInputStream {
        private final Deadline deadline;
        private long left = MOST_BYTES;

        BoundedStream(InputStream stream, Deadline deadline) {
            super(stream);
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            try {
                int octet = super.read();
                count(octet < 0 ? 0 : 1);
                return octet;
            } catch (IOException e) {
                deadline.check(e);
                throw e;
            }
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                int read = super.read(buffer, offset, length);
                count(Math.max(read, 0));
                return read;
            } catch (IOException e) {
                deadline.check(e);
                throw e;
            }
        }

        private void count(int octets) throws IOException {
            left -= octets;
            if (left < 0) {
                deadline.abort();
                throw new IOException("an answer is longer than " + MOST_BYTES + " bytes");
            }
        }

        @Override
        public void close() throws IOException {
            try {
                super.close(); // which reads the rest
            } finally {
                deadline.end();
            }
        }
    }
}

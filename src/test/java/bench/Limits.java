package bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** What no relay can pass: the same parts with nothing around them. */
final class Limits {
    private Limits() {}

    /** Rows a second when each connection commits one insert after the other. */
    static double commits(String url, int connections, int bytes, Duration warmUp, Duration lasting) throws Exception {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS bench");
            statement.execute("CREATE TABLE bench (id uuid PRIMARY KEY, payload bytea)");
        }
        long from = System.nanoTime() + warmUp.toNanos();
        long to = from + lasting.toNanos();
        ExecutorService writers = Executors.newFixedThreadPool(connections);
        try {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                counts.add(writers.submit(() -> insert(url, new byte[bytes], from, to)));
            }
            long sum = 0;
            for (Future<Long> count : counts) {
                sum += count.get();
            }
            return sum / (lasting.toNanos() / 1e9);
        } finally {
            writers.shutdownNow();
            // The relay starts on an empty database.
            try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE bench");
            }
        }
    }

    private static long insert(String url, byte[] payload, long from, long to) throws SQLException {
        long count = 0;
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO bench VALUES (?, ?)")) {
            for (long now = System.nanoTime(); now < to; now = System.nanoTime()) {
                insert.setObject(1, UUID.randomUUID());
                insert.setBytes(2, payload);
                insert.executeUpdate();
                if (now >= from) {
                    count++;
                }
            }
        }
        return count;
    }

    /** A server that reads a request and answers 202; it shares the load's process and the load's processors. */
    static Measured http(int connections, int bytes, Duration warmUp, Duration lasting) throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.bodyHandler(
                        body -> request.response().setStatusCode(202).end("{\"status\":\"accepted\"}")));
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        try (Load load = new Load(server.actualPort(), "limit", connections, bytes)) {
            return load.closed(warmUp, lasting);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}

package pages;

import console.ConsoleSettings;
import console.HawtioConsole;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import operations.HttpAddress;
import operations.Loopback;

/** Where Hawtio is, for whoever looks at a page: a link where that leads there, and else words. */
public record ConsoleAddress(ConsoleSettings settings) {
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");
    private static final Set<String> OF_PROXIES = Set.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "Via");

    /**
     * As one of the two.
     *
     * @param link empty: there is none that surely leads there
     * @param place host and port; empty: there is a link, or no console
     */
    public record Seen(String link, String place) {
        static final Seen NOTHING = new Seen("", "");
    }

    Seen seenFrom(HttpServerRequest request) {
        String name = request.authority() == null ? "" : request.authority().host();
        return seenFrom(name, Loopback.isLocal(request), isForwarded(request));
    }

    /** By a proxy, or by an engine of containers, which gives ports other numbers. */
    private static boolean isForwarded(HttpServerRequest request) {
        boolean isOtherPort = request.authority() != null
                && request.authority().port() != request.localAddress().port();
        return isOtherPort || OF_PROXIES.stream().anyMatch(request.headers()::contains);
    }

    /**
     * @param name by which somebody asks for us
     * @param isLocal whether it is somebody at this machine
     * @param isForwarded whether something is between: what it has of us, it need not have of the console
     */
    Seen seenFrom(String name, boolean isLocal, boolean isForwarded) {
        if (!settings.isOn()) {
            return Seen.NOTHING;
        }
        String host = EVERYWHERE.contains(settings.host()) ? name : settings.host();
        boolean isNear = isLocal || !isLoopback(settings.host());
        return isNear && !host.isEmpty() && !isForwarded
                ? new Seen(HttpAddress.of(host, settings.port()) + HawtioConsole.PATH, "")
                : new Seen("", settings.host() + ":" + settings.port());
    }

    private static boolean isLoopback(String host) {
        try {
            return host.equals("localhost") || InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

package pages;

import console.ConsoleSettings;
import console.HawtioConsole;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** Where Hawtio is, for whoever looks at a page. */
public record ConsoleAddress(ConsoleSettings settings) {
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");

    /** Empty when there is none. */
    String seenFrom(HttpServerRequest request) {
        if (!settings.isOn()) {
            return "";
        }
        boolean isWhereWeAre = EVERYWHERE.contains(settings.host()) && request.authority() != null;
        String host = isWhereWeAre ? request.authority().host() : settings.host();
        return "http://" + host + ":" + settings.port() + HawtioConsole.PATH;
    }
}

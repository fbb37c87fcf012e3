package operations;

import console.ConsoleSettings;
import console.HawtioConsole;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells where everything is, once events can be recorded: a person on the console, or a program that reads JSON in a line of
 * the log, which then has no password in it.
 */
public final class Banner extends MainListenerSupport {
    private static final Logger LOG = LoggerFactory.getLogger(Banner.class);

    private final Settings settings;

    public Banner(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void afterStart(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        if (context != null && context.isStarted()) {
            context.getRegistry()
                    .findSingleByType(DatabaseMigration.class)
                    .whenDone(settings.logs().isJson() ? this::log : this::print);
        }
    }

    private void log() {
        LOG.info(
                "AI Relay is ready: events in at {}, secret {}, results to {}, AI {}, automations in {}, health at {}/observe/health, console {}",
                eventsIn(),
                secret(),
                resultsTo(),
                String.join(", then ", settings.ai().providers()),
                settings.automations(),
                management(),
                console(ConsolePassword.keep(settings.console(), settings.dataDir())));
    }

    private String management() {
        return HttpAddress.of(settings.managementHost(), settings.managementPort());
    }

    private String eventsIn() {
        return (settings.tls().open().isPresent() ? "https" : "http") + "://localhost:" + settings.port()
                + "/webhooks/wp";
    }

    private void print() {
        String management = management();
        // In one piece: whoever waits for it in the log is to find all of it.
        System.out.print("""

                AI Relay is ready.

                  events in   %s
                  secret      %s
                  results to  %s
                  AI          %s
                  automations of your own in %s (docs/automations.md)
                  health      %s/observe/health
                  metrics     %s/observe/metrics
                  events      %s (in a browser)
                  interface   %s/openapi.json
                  console     %s

                Try it from another terminal:  bin/relay send

                """.formatted(
                        eventsIn(),
                        secret(),
                        resultsTo(),
                        String.join(", then ", settings.ai().providers()),
                        settings.automations(),
                        management,
                        management,
                        management,
                        management,
                        console("password " + settings.console().password() + ", for this start")));
    }

    /** @param password where one that was made is to be found */
    private String console(String password) {
        ConsoleSettings console = settings.console();
        if (!console.isOn()) {
            return "none (RELAY_CONSOLE_PORT is 0)";
        }
        return HttpAddress.of(console.host(), console.port()) + HawtioConsole.PATH + " (user " + console.user()
                + (console.isPasswordGiven() ? ", RELAY_CONSOLE_PASSWORD)" : ", " + password + ")");
    }

    private String resultsTo() {
        if (settings.sites().isPresent()) {
            return "the sites of that file";
        }
        return settings.site().url().isEmpty()
                ? "the event log only (set WP_SITE_URL)"
                : settings.site().url();
    }

    private String secret() {
        if (settings.sites().isPresent()) {
            return "of each site, in " + settings.sites().get();
        }
        return settings.site().secret().isEmpty()
                ? "in " + SecretFile.path(settings.dataDir())
                : "from WP_RELAY_SECRET";
    }
}

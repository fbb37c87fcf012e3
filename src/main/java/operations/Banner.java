package operations;

import console.ConsoleSettings;
import console.HawtioConsole;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/** Tells on the console where everything is, once events can be recorded. */
public final class Banner extends MainListenerSupport {
    private final Settings settings;

    public Banner(Settings settings) {
        this.settings = settings;
    }

    @Override
    public void afterStart(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        if (context != null && context.isStarted()) {
            context.getRegistry().findSingleByType(DatabaseMigration.class).whenDone(this::print);
        }
    }

    private void print() {
        String management = "http://" + settings.managementHost() + ":" + settings.managementPort();
        // In one piece: whoever waits for it in the log is to find all of it.
        System.out.print("""

                AI Relay is ready.

                  events in   %s://localhost:%d/webhooks/wp
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
                        settings.tls().open().isPresent() ? "https" : "http",
                        settings.port(),
                        secret(),
                        resultsTo(),
                        String.join(", then ", settings.ai().providers()),
                        settings.automations(),
                        management,
                        management,
                        management,
                        management,
                        console()));
    }

    private String console() {
        ConsoleSettings console = settings.console();
        if (!console.isOn()) {
            return "none (RELAY_CONSOLE_PORT is 0)";
        }
        return "http://" + console.host() + ":" + console.port() + HawtioConsole.PATH + " (user " + console.user()
                + (console.isPasswordGiven()
                        ? ", RELAY_CONSOLE_PASSWORD)"
                        : ", password " + console.password() + ", for this start)");
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

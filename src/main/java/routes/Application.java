package routes;

import operations.Banner;
import operations.Ports;
import operations.Settings;
import operations.SettingsException;
import org.apache.camel.main.Main;

/** The relay as a process. Lives beside the routes so that Camel Main finds them by package. */
public final class Application {
    private static final int EXIT_CONFIGURATION = 78; // EX_CONFIG of sysexits.h

    private Application() {}

    public static void main(String[] args) throws Exception {
        Main main = create();
        main.run();
        System.exit(main.getExitCode());
    }

    private static Main create() {
        try {
            Settings settings = Settings.ofProcess();
            Ports.checkFree(settings);
            return create(settings);
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_CONFIGURATION);
            throw e;
        }
    }

    /** A relay that is configured and not started. */
    static Main create(Settings settings) {
        Main main = new Main(Application.class);
        main.bind("settings", settings);
        main.addMainListener(new Banner(settings));
        return main;
    }
}

package operations;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Where settings stand. A system property wins over the environment, the environment over
 * {@code application.properties}: the order Camel itself uses.
 */
final class Variables {
    /** Behind the name of a variable: where its value is. */
    private static final String FILE = "_FILE";

    private final Map<String, String> environment;
    private final Properties defaults;

    Variables(Map<String, String> environment, Properties defaults) {
        this.environment = environment;
        this.defaults = defaults;
    }

    /** The environment of this process over the {@code application.properties} of the class path. */
    static Variables ofProcess() {
        Properties defaults = new Properties();
        try (InputStream file = Variables.class.getResourceAsStream("/application.properties")) {
            defaults.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException("application.properties cannot be read", e);
        }
        return new Variables(System.getenv(), defaults);
    }

    /** The value, never null; surrounding white space is kept, since a secret may have it. */
    String text(String variable) {
        String property = variable.toLowerCase(Locale.ROOT).replace('_', '.');
        String value = System.getProperty(property);
        if (value == null) {
            value = environment.get(variable);
        }
        String file = environment.get(variable + FILE);
        if (file != null && !file.isBlank()) {
            if (value == null || value.isEmpty()) {
                value = contentOf(variable + FILE);
            } else if (System.getProperty(property) == null) {
                throw new SettingsException(
                        variable + " and " + variable + FILE + " are set; it should be one of them");
            }
        }
        return value == null ? defaults.getProperty(property, "") : value;
    }

    /** What is in the file that the variable names, as secrets of Docker and Kubernetes are given. */
    private String contentOf(String variable) {
        String file = environment.get(variable);
        try {
            // An editor, and echo, end a file with a line break that nobody means.
            return Files.readString(Path.of(file)).replaceFirst("\\R\\z", "");
        } catch (IOException | InvalidPathException e) {
            throw SettingsException.wrong(variable, file, "a file that can be read, with the value in it");
        }
    }

    /** Whether somebody has set it, to whatever value; or else it is the default. */
    boolean isGiven(String variable) {
        return environment.containsKey(variable)
                || environment.containsKey(variable + FILE)
                || System.getProperty(variable.toLowerCase(Locale.ROOT).replace('_', '.')) != null;
    }

    /** Those of the environment whose names begin so. */
    Map<String, String> startingWith(String prefix) {
        Map<String, String> some = new TreeMap<>(environment);
        some.keySet().removeIf(name -> !name.startsWith(prefix));
        return some;
    }
}

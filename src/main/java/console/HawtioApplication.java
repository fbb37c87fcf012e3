package console;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hawtio's war as the relay wants it: behind our login, with our access policy, pages that know of that policy, and
 * nothing that comes from a server in the internet.
 */
final class HawtioApplication extends WebAppContext implements LifeCycle.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(HawtioApplication.class);
    /**
     * What Hawtio and Jolokia read from the system's properties, and nowhere else. Jolokia's proxy to other JVMs would
     * connect wherever a request names a {@code target}. Hawtio's own throttling counts by user name and locks the
     * operator out together with whoever guesses: {@link GuessLimit} is there instead.
     */
    private static final Map<String, String> PROPERTIES = Map.of(
            "hawtio.authenticationEnabled", "true",
            "hawtio.realm", ConsoleLogin.REALM,
            "hawtio.roles", "*",
            "hawtio.authenticationContainerDiscoveryClasses", "",
            "hawtio.sessionTimeout", "1800",
            "hawtio.authenticationThrottled", "false",
            "jolokia.disabledServices", "org.jolokia.service.jsr160.Jsr160RequestHandler",
            "jolokia.discoveryEnabled", "false");

    /** Where the pages look for the editor that shows a route's source (@monaco-editor/loader has it in its code). */
    private static final Pattern EDITOR_ELSEWHERE =
            Pattern.compile("https://cdn\\.jsdelivr\\.net/npm/monaco-editor@[^/]+/min/vs");

    private final AccessPolicy policy;

    /** @param directory where its files are unpacked, once for each version */
    HawtioApplication(AccessPolicy policy, Path directory) throws IOException, URISyntaxException {
        this.policy = policy;
        PROPERTIES.forEach(System::setProperty);
        Files.createDirectories(directory);
        System.setProperty("jolokia.policyLocation", policy.write(directory.resolve("jolokia-access.xml")));
        setContextPath(HawtioConsole.PATH);
        Path war = war();
        setWar(war.toString());
        // Not in the system's, where each start that is killed would leave a copy.
        setTempDirectory(
                Files.createDirectories(directory.resolve(war.getFileName())).toFile());
        setTempDirectoryPersistent(true);
        // The relay's own logging and Jackson, not those that the war brings.
        setParentLoaderPriority(true);
        setThrowUnavailableOnStartupException(true);
        getSessionHandler().setSameSite(HttpCookie.SameSite.STRICT);
        getSessionHandler().setHttpOnly(true);
        addEventListener(this);
    }

    @Override
    public void lifeCycleStarted(LifeCycle started) {
        try {
            JolokiaRestrictor restrictor = new JolokiaRestrictor(getClassLoader(), policy.open());
            new AllowedOperations(restrictor::allows, restrictor::hides).register();
            haveEditorFromHere();
        } catch (ReflectiveOperationException | JMException | IOException e) {
            throw new IllegalStateException("Hawtio's war is not as it was", e);
        }
    }

    /** In the files as they were unpacked; those of an earlier start are as they should be. */
    private void haveEditorFromHere() throws IOException {
        Path scripts = getBaseResource().getPath().resolve("static/js");
        boolean isHere = false;
        try (DirectoryStream<Path> found = Files.newDirectoryStream(scripts, "*.js")) {
            for (Path script : found) {
                String text = Files.readString(script);
                Matcher elsewhere = EDITOR_ELSEWHERE.matcher(text);
                if (elsewhere.find()) {
                    // Whole or not at all: it is there at the next start too.
                    Path mended = Files.writeString(
                            scripts.resolve(script.getFileName() + ".new"),
                            elsewhere.replaceAll(HawtioConsole.EDITOR_PATH + "/vs"));
                    Files.move(mended, script, StandardCopyOption.ATOMIC_MOVE);
                    isHere = true;
                }
                isHere |= text.contains(HawtioConsole.EDITOR_PATH + "/vs");
            }
        }
        if (!isHere) {
            LOG.warn("The console's tab Source stays empty: Hawtio asks for its editor at an address unknown here");
        }
    }

    /** Beside the libraries, where the build puts it. */
    private static Path war() throws IOException, URISyntaxException {
        Path relay = Path.of(HawtioApplication.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (DirectoryStream<Path> found = Files.newDirectoryStream(relay.resolveSibling("lib"), "hawtio-*.war")) {
            for (Path war : found) {
                return war;
            }
        }
        throw new IOException("hawtio-default.war is not in " + relay.resolveSibling("lib"));
    }
}

package console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Principal;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the one user of the console in. Hawtio asks JAAS who may enter, and {@link GuessLimit} slows down whoever
 * guesses; an address of JAAS is the realm's name.
 */
public final class ConsoleLogin implements LoginModule {
    static final String REALM = "ai-relay";

    private static final String USER = "user";
    private static final String PASSWORD = "password";

    /** JAAS makes a module for each who asks; what they guess counts together. */
    private static final GuessLimit GUESSES = new GuessLimit(System::nanoTime);

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleLogin.class);

    /** Where the request in hand comes from, which JAAS does not tell a module. */
    private static final ThreadLocal<String> CALLER = new ThreadLocal<>();

    private Subject subject;
    private CallbackHandler callbacks;
    private Map<String, ?> options;
    private Principal entered;

    /** What Hawtio calls a user. */
    private record Operator(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    /** Makes JAAS ask this module about {@link #REALM}, and whom it asked before about everything else. */
    static void install(ConsoleSettings settings) {
        Configuration others = earlier();
        AppConfigurationEntry entry = new AppConfigurationEntry(
                ConsoleLogin.class.getName(),
                LoginModuleControlFlag.REQUIRED,
                Map.of(USER, settings.user(), PASSWORD, settings.password()));
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String realm) {
                if (realm.equals(REALM)) {
                    return new AppConfigurationEntry[] {entry};
                }
                return others == null ? null : others.getAppConfigurationEntry(realm);
            }
        });
    }

    /** From now on in this thread, until it is null. */
    static void callerIs(String address) {
        if (address == null) {
            CALLER.remove();
        } else {
            CALLER.set(address);
        }
    }

    private static Configuration earlier() {
        try {
            return Configuration.getConfiguration();
        } catch (SecurityException e) {
            return null; // Nobody has configured any, which it calls so.
        }
    }

    @Override
    public void initialize(
            Subject subject, CallbackHandler callbacks, Map<String, ?> sharedState, Map<String, ?> options) {
        this.subject = subject;
        this.callbacks = callbacks;
        this.options = options;
    }

    @Override
    public boolean login() throws LoginException {
        NameCallback name = new NameCallback("user");
        PasswordCallback password = new PasswordCallback("password", false);
        try {
            callbacks.handle(new Callback[] {name, password});
        } catch (IOException | UnsupportedCallbackException e) {
            throw new FailedLoginException("no user and password were given");
        }
        String given = text(password.getPassword());
        password.clearPassword();
        // Whoever does not know the user takes no check away from the one who does.
        if (!isSame(name.getName(), options.get(USER)) || !GUESSES.isRight(caller(), () -> isPassword(given))) {
            throw new FailedLoginException("user or password is wrong, or it was tried too often in this second");
        }
        entered = new Operator(name.getName());
        return true;
    }

    /** Nobody knows where it comes from: those count together. */
    private static String caller() {
        return String.valueOf(CALLER.get());
    }

    private boolean isPassword(String given) {
        boolean isRight = isSame(given, options.get(PASSWORD));
        if (!isRight) {
            LOG.warn("A wrong password of the console came from {}", caller());
        }
        return isRight;
    }

    private static String text(char[] characters) {
        return characters == null ? null : new String(characters);
    }

    private static boolean isSame(String given, Object expected) {
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8),
                        expected.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean commit() {
        return entered != null && subject.getPrincipals().add(entered);
    }

    @Override
    public boolean abort() {
        return logout();
    }

    @Override
    public boolean logout() {
        subject.getPrincipals().removeIf(Operator.class::isInstance);
        entered = null;
        return true;
    }
}

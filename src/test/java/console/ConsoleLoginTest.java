package console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.Test;

class ConsoleLoginTest {
    private final Subject subject = new Subject();

    private ConsoleLogin module(String user, String password) {
        ConsoleLogin module = new ConsoleLogin();
        module.initialize(
                subject,
                callbacks -> {
                    for (Callback callback : callbacks) {
                        if (callback instanceof NameCallback) {
                            ((NameCallback) callback).setName(user);
                        } else {
                            ((PasswordCallback) callback).setPassword(password.toCharArray());
                        }
                    }
                },
                Map.of(),
                Map.of("user", "relay", "password", "right"));
        return module;
    }

    @Test
    void who_entered_leaves_by_a_module_that_did_not_let_them_in() throws Exception {
        ConsoleLogin entrance = module("relay", "right");
        assertTrue(entrance.login() && entrance.commit());
        assertEquals(1, subject.getPrincipals().size());
        assertTrue(module("relay", "right").logout());
        assertEquals(0, subject.getPrincipals().size());
    }

    @Test
    void a_login_that_failed_is_given_up_without_an_error() {
        ConsoleLogin refused = module("relay", "wrong");
        assertThrows(LoginException.class, refused::login);
        assertTrue(refused.abort());
    }
}

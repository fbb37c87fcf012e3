package console;

import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import javax.management.ObjectName;

/**
 * Asks Jolokia's own reading of an access policy, which also decides each request. Its classes are in Hawtio's war and
 * nowhere else, so it is called by names.
 */
final class JolokiaRestrictor {
    private static final String CLASS = "org.jolokia.server.core.restrictor.policy.PolicyRestrictor";

    private final Object restrictor;
    private final Method isOperationAllowed;
    private final Method isObjectNameHidden;

    /** @param war loads the classes of the war */
    JolokiaRestrictor(ClassLoader war, InputStream policy) throws ReflectiveOperationException {
        Class<?> type = war.loadClass(CLASS);
        restrictor = type.getConstructor(InputStream.class).newInstance(policy);
        isOperationAllowed = type.getMethod("isOperationAllowed", ObjectName.class, String.class);
        isObjectNameHidden = type.getMethod("isObjectNameHidden", ObjectName.class);
    }

    /** @param operation as {@code name(type,type)} */
    boolean allows(ObjectName bean, String operation) {
        return ask(isOperationAllowed, bean, operation);
    }

    boolean hides(ObjectName bean) {
        return ask(isObjectNameHidden, bean);
    }

    private boolean ask(Method question, Object... arguments) {
        try {
            return (boolean) question.invoke(restrictor, arguments);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("Jolokia's " + CLASS + " does not answer", e);
        }
    }
}

package console;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * Says to Hawtio's pages what the access policy lets through, so that they offer nothing else: tabs and buttons that
 * would only fail are not there. Hawtio looks for such an MBean by its name (io.hawt.jmx.RBACRegistry). Without one the
 * pages ask about each operation of each MBean, in one request of some 700 KB. What is refused, Jolokia refuses.
 */
public final class AllowedOperations implements AllowedOperationsMBean {
    private static final String NAME = "hawtio:type=security,area=jolokia,name=RBACDecorator";
    private static final String CAN_INVOKE = "canInvoke";

    private final BiPredicate<ObjectName, String> isAllowed;
    private final Predicate<ObjectName> isHidden;

    /**
     * @param isAllowed of an MBean, whether an operation may be called that is written as {@code name(type,type)}
     * @param isHidden whether an MBean is not to be listed
     */
    AllowedOperations(BiPredicate<ObjectName, String> isAllowed, Predicate<ObjectName> isHidden) {
        this.isAllowed = isAllowed;
        this.isHidden = isHidden;
    }

    void register() throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(NAME);
        if (server.isRegistered(name)) {
            server.unregisterMBean(name); // of a relay that was stopped, in the same JVM
        }
        server.registerMBean(this, name);
    }

    /** @param list as Hawtio makes it: the domains with their MBeans, and the descriptions that several of these share */
    @Override
    public void decorate(Map<String, Object> list) throws MalformedObjectNameException {
        Map<String, Object> shared = map(list.get("cache"));
        Map<String, Object> seen = new HashMap<>();
        for (Map.Entry<String, Object> domain : map(list.get("domains")).entrySet()) {
            Map<String, Object> beans = map(domain.getValue());
            for (String properties : List.copyOf(beans.keySet())) {
                ObjectName name = new ObjectName(domain.getKey() + ":" + properties);
                if (isHidden.test(name)) {
                    beans.remove(properties);
                    continue;
                }
                Object description = beans.get(properties);
                if (!(description instanceof String)) {
                    say(name, map(description));
                } else if (seen.put((String) description, name) == null) {
                    // Those of one class share what is said of the first: the policy has no rule for one of them alone.
                    say(name, map(shared.get(description)));
                }
            }
        }
    }

    private void say(ObjectName bean, Map<String, Object> description) {
        Map<String, Object> bySignature = new HashMap<>();
        boolean isAny = false;
        for (Map.Entry<String, Object> operation : map(description.get("op")).entrySet()) {
            for (Map<String, Object> variant : variants(operation.getValue())) {
                String signature = operation.getKey() + "(" + types(variant) + ")";
                boolean isOne = isAllowed.test(bean, signature);
                variant.put(CAN_INVOKE, isOne);
                bySignature.put(signature, variant);
                isAny |= isOne;
            }
        }
        description.put("opByString", bySignature);
        description.put(CAN_INVOKE, isAny);
    }

    private static List<Map<String, Object>> variants(Object operation) {
        List<Map<String, Object>> variants = new ArrayList<>();
        if (operation instanceof List<?> several) {
            several.forEach(one -> variants.add(map(one)));
        } else {
            variants.add(map(operation));
        }
        return variants;
    }

    private static String types(Map<String, Object> operation) {
        return ((List<?>) operation.get("args"))
                .stream().map(argument -> map(argument).get("type").toString()).collect(Collectors.joining(","));
    }

    @SuppressWarnings("unchecked") // Hawtio's lists are of such maps.
    private static Map<String, Object> map(Object object) {
        return object == null ? Map.of() : (Map<String, Object>) object;
    }
}

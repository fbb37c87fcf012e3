package console;

import java.util.Map;
import javax.management.MalformedObjectNameException;

/** As Hawtio calls it. */
public interface AllowedOperationsMBean {
    void decorate(Map<String, Object> list) throws MalformedObjectNameException;
}

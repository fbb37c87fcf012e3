package contact;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * When it means something that nothing is heard of a site: when it is asked to deliver then. A sender that is no plugin
 * cannot be asked, and may have nothing to say for long.
 *
 * @param after how long; zero: it never means anything
 * @param hasAddress of a site by its id; false for one that is not known any more
 */
public record Silence(Duration after, Predicate<String> hasAddress) {
    public boolean isMeant(Contact contact) {
        return after.compareTo(Duration.ZERO) > 0 && contact.isPlugin() && hasAddress.test(contact.site());
    }

    public boolean isSilent(Contact contact, Instant now) {
        return isMeant(contact) && !contact.heardAt().plus(after).isAfter(now);
    }
}

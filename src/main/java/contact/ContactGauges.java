package contact;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** What metrics say of sites, as of some seconds ago: one read serves all sites, and one thread reads. */
public final class ContactGauges {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ContactGauges.class);

    private final SiteContacts contacts;
    private final Heard heard;
    private final Clock clock;
    private final AtomicReference<Instant> triedAt = new AtomicReference<>(Instant.MIN);
    private volatile Map<String, Contact> known = Map.of();
    private volatile boolean isKnown;

    public ContactGauges(SiteContacts contacts, Heard heard, Clock clock) {
        this.contacts = contacts;
        this.heard = heard;
        this.clock = clock;
    }

    /** How many events are missing, as of some seconds ago; NaN while the database cannot be read. */
    public double missing(String site) {
        Contact contact = recent(site);
        if (!isKnown) {
            return Double.NaN;
        }
        return contact == null ? 0 : contact.missing();
    }

    /** Whether its events bear the plugin's numbers, so that it can be asked to deliver; false while that is not known. */
    public boolean isPlugin(String site) {
        Contact contact = recent(site);
        return contact != null && contact.isPlugin();
    }

    /** Since when a site was not heard, in seconds; NaN for one that never was, and as before. */
    public double silentSeconds(String site) {
        Contact contact = recent(site);
        if (!isKnown) {
            return Double.NaN; // Another relay may have heard it.
        }
        Instant mine = heard.time(site);
        Instant last = contact != null && (mine == null || contact.heardAt().isAfter(mine)) ? contact.heardAt() : mine;
        return last == null
                ? Double.NaN
                : Math.max(0, Duration.between(last, clock.instant()).toMillis() / 1000.0);
    }

    /** Who reads is the only one: a database that is away keeps no others waiting. */
    private Contact recent(String site) {
        Instant now = clock.instant();
        Instant tried = triedAt.get();
        if (tried.isBefore(now.minus(FRESH)) && triedAt.compareAndSet(tried, now)) {
            try {
                known = contacts.read();
                isKnown = true;
            } catch (DataAccessException e) {
                isKnown = false;
                LOG.debug("What is known of sites cannot be read", e);
            }
        }
        return known.get(site);
    }
}

package contact;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/** What metrics say of sites. */
public final class ContactGauges {
    private final SiteContacts contacts;
    private final Heard heard;
    private final Silence silence;
    private final Clock clock;

    /**
     * @param silentSeconds since when it was not heard; NaN for one that never was
     * @param isAsked whether it is asked to deliver when it is silent
     */
    public record OfSite(long missing, double silentSeconds, boolean isAsked) {}

    public ContactGauges(SiteContacts contacts, Heard heard, Silence silence, Clock clock) {
        this.contacts = contacts;
        this.heard = heard;
        this.silence = silence;
        this.clock = clock;
    }

    /**
     * Of each site by its id, as of now.
     *
     * @throws org.springframework.dao.DataAccessException when the database cannot be read
     */
    public Function<String, OfSite> read() {
        Map<String, Contact> known = contacts.read();
        return site -> ofSite(site, known.get(site));
    }

    private OfSite ofSite(String site, Contact contact) {
        double silent = silentSeconds(heard.time(site), contact);
        return contact == null
                ? new OfSite(0, silent, false)
                : new OfSite(contact.missing(), silent, silence.isMeant(contact));
    }

    /** Another relay may have heard it, or this one may not have written it down. */
    private double silentSeconds(Instant mine, Contact contact) {
        Instant last = contact != null && (mine == null || contact.heardAt().isAfter(mine)) ? contact.heardAt() : mine;
        return last == null
                ? Double.NaN
                : Math.max(0, Duration.between(last, clock.instant()).toMillis() / 1000.0);
    }
}

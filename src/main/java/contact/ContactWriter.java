package contact;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionException;

/** Writes down what this relay has heard of sites, every few seconds. */
public final class ContactWriter {
    /** How precise heard_at is: a site that sends all the time is not written down all the time. */
    private static final Duration LATE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(ContactWriter.class);

    private final SiteContacts contacts;
    private final Heard heard;
    private final Clock clock;
    private final Map<String, Instant> written = new ConcurrentHashMap<>();

    public ContactWriter(SiteContacts contacts, Heard heard, Clock clock) {
        this.contacts = contacts;
        this.heard = heard;
        this.clock = clock;
    }

    /**
     * Writes it down; what cannot be written is kept until the next time.
     *
     * @throws DataAccessException or TransactionException when the database did not take all of it
     */
    public void write() {
        Map<String, Ranges> numbers = heard.takeNumbers();
        Failed failed = new Failed();
        try {
            for (String site : List.copyOf(numbers.keySet())) {
                failed.unless(() -> {
                    write(site, ranges -> {
                        ranges.addAbove(numbers.get(site), clock.instant());
                        return ranges;
                    });
                    numbers.remove(site);
                });
            }
            heard.times().forEach((site, time) -> {
                Instant last = written.get(site);
                if (last == null || Duration.between(last, time).compareTo(LATE) >= 0) {
                    failed.unless(() -> write(site, ranges -> ranges));
                }
            });
        } finally {
            numbers.forEach(heard::putBack);
        }
        failed.check();
    }

    /** Of several sites the one that cannot be written keeps no other from it, but for a database that is away. */
    private static final class Failed {
        private RuntimeException first;

        void unless(Runnable write) {
            try {
                write.run();
            } catch (CannotCreateTransactionException e) {
                // Each of the others would wait as long for a connection.
                throw e;
            } catch (DataAccessException | TransactionException e) {
                first = first == null ? e : first;
            }
        }

        void check() {
            if (first != null) {
                throw first;
            }
        }
    }

    /** As {@link #write()}, and throws nothing: when the relay stops. */
    public void writeIfPossible() {
        try {
            write();
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("What was heard of sites last cannot be written down", e);
        }
    }

    private void write(String site, UnaryOperator<Ranges> change) {
        Instant time = heard.time(site) == null ? clock.instant() : heard.time(site);
        contacts.heard(site, time, change);
        written.put(site, time);
    }
}

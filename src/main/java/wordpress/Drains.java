package wordpress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import contact.Contact;
import contact.Ranges;
import contact.Ranges.Gap;
import contact.Silence;
import contact.SiteContacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import sites.Site;
import sites.Sites;
import wordpress.PluginClient.Answer;

/**
 * Asks sites for events that should have come (contract, section 5): one of whose numbers some are missing, and one that
 * was not heard for long, since its cron may be dead. A site that has never numbered an event has no plugin, and is left
 * alone. Few are asked at a time, on threads of their own; one from which nothing comes is asked less and less often.
 */
public final class Drains {
    private static final String PATH = "/ai-relay/v1/drain";

    /** As many as the plugin takes. */
    private static final int MOST_NUMBERS = 500;

    /** So many are asked or wait for a thread; all of them are asked before a claim is over. */
    private static final int MOST_CLAIMED = 64;

    private static final Duration BETWEEN = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_DOUBLINGS = 9;
    /** Not all sites are to be asked in the same second again. */
    private static final double SPREAD = 0.2;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);

    private final Sites sites;
    private final SiteContacts contacts;
    private final PluginClient client;
    private final Silence silence;
    private final Executor executor;
    private final Clock clock;
    private final AtomicInteger claimed = new AtomicInteger();

    /**
     * @param executor asks, some at a time
     */
    public Drains(
            Sites sites, SiteContacts contacts, PluginClient client, Silence silence, Executor executor, Clock clock) {
        this.sites = sites;
        this.contacts = contacts;
        this.client = client;
        this.silence = silence;
        this.executor = executor;
        this.clock = clock;
    }

    /** Notes what is missing, and has those sites asked that it is time for. One relay at a time does. */
    public void look() {
        Instant now = clock.instant();
        Map<String, Contact> all = contacts.read();
        List<Contact> due = new ArrayList<>();
        for (Contact contact : all.values()) {
            Optional<Site> site = sites.find(contact.site());
            if (site.isEmpty()) {
                continue;
            }
            List<Gap> overdue = contact.overdue(now);
            contacts.note(contact, overdue);
            boolean isToBeAsked = !overdue.isEmpty() || silence.isSilent(contact, now);
            if (site.get().hasAddress() && isToBeAsked && !contact.askAfter().isAfter(now)) {
                due.add(contact);
            }
        }
        // With more than can be asked now, each has its turn.
        Collections.shuffle(due);
        for (Contact contact : due) {
            if (claimed.get() >= MOST_CLAIMED) {
                return;
            }
            begin(contact, now);
        }
    }

    private void begin(Contact contact, Instant now) {
        if (!contacts.claim(contact, now.plus(BETWEEN))) {
            return;
        }
        claimed.incrementAndGet();
        try {
            executor.execute(() -> {
                try {
                    ask(contact);
                } catch (DataAccessException | TransactionException e) {
                    LOG.debug("What site '{}' answered cannot be written down", contact.site(), e);
                } finally {
                    claimed.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException e) {
            claimed.decrementAndGet(); // The relay is stopping.
        }
    }

    private void ask(Contact contact) {
        Optional<Site> site = sites.find(contact.site());
        if (site.isEmpty()) {
            return;
        }
        List<Long> missing = Ranges.numbers(contact.overdue(clock.instant()), MOST_NUMBERS);
        Answer answer = client.ask(site.get(), PATH, body(missing));
        LOG.debug("Site '{}' was asked for {} and answered {}", contact.site(), missing, answer);
        if (!answer.isOk() || !answer.body().path("sent").isIntegralNumber()) {
            contacts.unanswered(contact, next(contact.fruitless() + 1));
            return;
        }
        List<Long> absent = absent(answer.body(), missing);
        boolean isFruitful = missing.isEmpty()
                || !absent.isEmpty()
                || answer.body().path("sent").asLong() > 0;
        contacts.answered(
                contact, absent, last(answer.body()), isFruitful, next(isFruitful ? 0 : contact.fruitless() + 1));
    }

    private static byte[] body(List<Long> missing) {
        try {
            return JSON.writeValueAsBytes(missing.isEmpty() ? Map.of() : Map.of("sequences", missing));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers are always JSON", e);
        }
    }

    /** Only what was asked for. */
    private static List<Long> absent(JsonNode answer, List<Long> missing) {
        Set<Long> asked = new HashSet<>(missing);
        List<Long> absent = new ArrayList<>();
        for (JsonNode number : answer.path("absent")) {
            if (number.canConvertToLong() && number.isIntegralNumber() && asked.remove(number.longValue())) {
                absent.add(number.longValue());
            }
        }
        return absent;
    }

    private static Optional<Long> last(JsonNode answer) {
        JsonNode number = answer.path("sequence");
        return Optional.of(number)
                .filter(JsonNode::isIntegralNumber)
                .filter(JsonNode::canConvertToLong)
                .map(JsonNode::longValue)
                .filter(value -> value >= 0);
    }

    private Instant next(int fruitless) {
        Duration doubled = BETWEEN.multipliedBy(1L << Math.min(fruitless, MOST_DOUBLINGS));
        Duration bounded = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        double spread = 1 + SPREAD * ThreadLocalRandom.current().nextDouble();
        return clock.instant().plusMillis((long) (bounded.toMillis() * spread));
    }
}

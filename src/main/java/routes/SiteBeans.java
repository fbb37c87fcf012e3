package routes;

import contact.ContactGauges;
import contact.ContactWriter;
import contact.Heard;
import contact.Silence;
import contact.SiteContacts;
import events.Lease;
import ingress.AddressGate;
import ingress.Authentication;
import ingress.ClientAddress;
import ingress.EncryptedFields;
import ingress.EventParser;
import ingress.EventSchemas;
import ingress.RateLimits;
import ingress.RequestVerifier;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import operations.CloseOnStop;
import operations.Redaction;
import operations.SecretFile;
import operations.Settings;
import operations.SiteSettings;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sites.Addresses;
import sites.Site;
import sites.SiteKey;
import sites.Sites;
import sites.SitesFile;
import sites.SitesReload;
import wordpress.CallBack;
import wordpress.ConnectionCheck;
import wordpress.Drains;
import wordpress.ManualPauses;
import wordpress.PluginClient;
import wordpress.PostContent;
import wordpress.SiteDnsResolver;
import wordpress.SiteGuard;
import wordpress.SitePauses;

/** The wiring of whom the relay works for: the one site of the settings, or those of the sites file. */
final class SiteBeans {
    /** The id of the one site of a simple install, in the event log and in metrics. */
    static final String THE_SITE = "default";

    /** How many sites are asked at once for a check of the connection. */
    private static final int MOST_CHECKS = 8;

    /** And for what is missing. */
    private static final int MOST_DRAINS = 8;

    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(30);
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(5);
    private static final Duration REST_OF_THREADS = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(SiteBeans.class);

    private final Settings settings;
    private final Clock clock;
    private final Registry registry;
    private final Redaction redaction;
    private final SitePauses pauses;
    private final Heard heard;
    private final SiteContacts contacts;
    private final ContactWriter contactWriter;

    SiteBeans(Settings settings, Clock clock, Registry registry) {
        this.settings = settings;
        this.clock = clock;
        this.registry = registry;
        this.redaction = registry.findSingleByType(Redaction.class);
        DataSource dataSource = registry.findSingleByType(DataSource.class);
        this.pauses = new SitePauses(dataSource, clock);
        this.heard = new Heard(clock);
        this.contacts = new SiteContacts(dataSource, clock);
        this.contactWriter = new ContactWriter(contacts, heard, clock);
    }

    void bind(CamelContext context) throws Exception {
        Sites sites =
                settings.sites().isPresent() ? ofFile(context, settings.sites().get()) : ofSettings();
        registry.bind("sites", sites);
        RateLimits limits = new RateLimits(settings.rateLimit());
        registry.bind("rateLimits", limits);
        registry.bind(
                "authentication",
                new Authentication(
                        new AddressGate(settings.allowedAddresses(), new ClientAddress(settings.trustedProxies())),
                        new RequestVerifier(sites, clock),
                        sites,
                        limits,
                        heard::from));
        registry.bind("heard", heard);
        Silence silence = new Silence(
                settings.siteSilence(),
                site -> sites.find(site).filter(Site::hasAddress).isPresent());
        registry.bind("silence", silence);
        registry.bind("contactGauges", new ContactGauges(contacts, heard, silence, clock));
        EventSchemas schemas = new EventSchemas();
        registry.bind("eventSchemas", schemas);
        registry.bind("eventParser", new EventParser(schemas));
        registry.bind("encryptedFields", new EncryptedFields(settings.piiKey()));
        registry.bind("sitePauses", pauses);
        registry.bind("manualPauses", new ManualPauses(registry.findSingleByType(DataSource.class), pauses, clock));
        registry.bind("siteGuard", new SiteGuard(pauses, settings.workers()));
        registry.bind(
                "siteConnections",
                HttpClientConnectionManager.class,
                SiteDnsResolver.connections(
                        dns(), settings.privateAddresses(), settings.workers() + settings.batchWorkers()));
        registry.bind("callBack", new CallBack(sites, clock));
        bindQuestions(context, sites, silence);
        registry.bind("postContent", new PostContent());
    }

    /** What the relay asks of sites for itself: on connections and threads of its own, so that no event waits for it. */
    private void bindQuestions(CamelContext context, Sites sites, Silence silence) throws Exception {
        HttpClientConnectionManager connections =
                SiteDnsResolver.connections(dns(), settings.privateAddresses(), MOST_CHECKS + MOST_DRAINS);
        ThreadPoolExecutor checks = threads(context, "check-connection", 0, MOST_CHECKS, new SynchronousQueue<>());
        registry.bind(
                "connectionCheck",
                new ConnectionCheck(
                        sites, new PluginClient(connections, LONGEST_CHECK, clock, redaction::apply), pauses, checks));
        ThreadPoolExecutor drains =
                threads(context, "ask-for-missing", MOST_DRAINS, MOST_DRAINS, new LinkedBlockingQueue<>());
        drains.allowCoreThreadTimeOut(true);
        registry.bind("contactWriter", contactWriter);
        registry.bind(
                "drains",
                new Drains(
                        sites,
                        contacts,
                        new PluginClient(connections, LONGEST_DRAIN, clock, redaction::apply),
                        silence,
                        drains,
                        clock));
        registry.bind("contactLease", new Lease(registry.findSingleByType(DataSource.class), "contact"));
        context.addService(new CloseOnStop(contactWriter::writeIfPossible));
    }

    private static ThreadPoolExecutor threads(
            CamelContext context, String name, int least, int most, BlockingQueue<Runnable> queue) throws Exception {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                least,
                most,
                REST_OF_THREADS.toMillis(),
                TimeUnit.MILLISECONDS,
                queue,
                task -> context.getExecutorServiceManager().newThread(name, task));
        context.addService(new CloseOnStop(threads::shutdownNow));
        return threads;
    }

    private DnsResolver dns() {
        DnsResolver given = registry.findSingleByType(DnsResolver.class);
        return given == null ? SystemDefaultDnsResolver.INSTANCE : given;
    }

    private Sites ofFile(CamelContext context, SitesFile file) throws Exception {
        SitesFile.Content content = file.read();
        redaction.add(content.secrets().stream());
        Sites sites = Sites.many(content.sites());
        context.addService(new SitesReload(file, content, changed -> {
            // Before they are used.
            redaction.add(changed.secrets().stream());
            sites.replace(changed.sites());
            registry.findSingleByType(MeterBeans.OfSites.class).show(sites.all());
        }));
        return sites;
    }

    private Sites ofSettings() throws IOException {
        SiteSettings site = settings.site();
        List<SiteKey> keys = new ArrayList<>();
        keys.add(SiteKey.of(site.keyId(), THE_SITE, secret()));
        if (!site.secretNext().isEmpty()) {
            keys.add(SiteKey.of(site.keyIdNext(), THE_SITE, site.secretNext()));
        }
        Site.Credentials credentials = new Site.Credentials(site.user(), site.password());
        redaction.add(Stream.of(credentials.basic()));
        return Sites.one(
                new Site(THE_SITE, site.url(), keys, credentials, Site.Limits.OF_RELAY, Addresses.parse(""), Set.of()));
    }

    /** To a person, not to those who keep logs. */
    private void sayNew(String secret) {
        if (settings.logs().isJson()) {
            LOG.info("A secret was made for the plugin: it is in {}", SecretFile.path(settings.dataDir()));
        } else {
            System.out.println("A secret was made for the plugin; it is said only this once: " + secret);
        }
    }

    private String secret() throws IOException {
        if (!settings.site().secret().isEmpty()) {
            return settings.site().secret();
        }
        boolean isNew = SecretFile.create(settings.dataDir());
        String secret = SecretFile.read(settings.dataDir());
        redaction.add(Stream.of(secret));
        if (isNew) {
            sayNew(secret);
        }
        return secret;
    }
}

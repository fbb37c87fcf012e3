package routes;

import contact.ContactWriter;
import events.FailureReason;
import events.Lease;
import operations.DatabaseMigration;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wordpress.Drains;

/**
 * Which events of a site have come, and what is done about those that have not. In Java because what is lost is noticed
 * here and nowhere else.
 */
public final class KeepContact extends RouteBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(KeepContact.class);

    private DatabaseMigration tables;
    private ContactWriter writer;
    private Drains drains;
    private Lease lease;

    @Override
    public void configure() {
        tables = getContext().getRegistry().findSingleByType(DatabaseMigration.class);
        writer = getContext().getRegistry().findSingleByType(ContactWriter.class);
        drains = getContext().getRegistry().findSingleByType(Drains.class);
        lease = getContext().getRegistry().lookupByNameAndType("contactLease", Lease.class);
        errorHandler(defaultErrorHandler().disableRedelivery().logExhausted(false));
        // A database that is away is told of by others, and the next time does as well as this one.
        onException(Exception.class).handled(true).process(KeepContact::later);

        from("timer:note-contact?delay=3000&period=3000")
                .routeId("note-contact")
                .description("Writes down which sites this relay has heard, and which of their events have come.")
                .filter(exchange -> tables.isDone())
                .process(exchange -> writer.write())
                .id("write-contact");

        from("timer:ask-for-missing?delay=10000&period=10000")
                .routeId("ask-for-missing")
                .description("Asks sites for events that are missing, and those that are silent; one relay at a time.")
                .filter(exchange -> tables.isDone() && lease.take())
                .process(this::look)
                .id("look-for-missing");
    }

    private void look(Exchange exchange) {
        try {
            drains.look();
        } finally {
            lease.release();
        }
    }

    private static void later(Exchange exchange) {
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        LOG.debug("{} goes on in some seconds: {}", exchange.getFromRouteId(), FailureReason.rootLine(cause));
    }
}

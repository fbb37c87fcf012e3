package jmx;

/** The bean {@code ai.relay:type=Events}. What is left empty does not narrow; answers are JSON, as the HTTP interface has it. */
@Described("The relay's events and sites: what waits, what failed and why, another chance, a pause. As bin/relay.")
public interface RelayBean {
    @Described(
            "Accepted events that are neither done nor dead: in the outbox and in the queue. -1: the database is away")
    long getWaiting();

    @Described("The longest that an event has been due or in a worker's hands, in seconds. -1: the database is away")
    long getOldestSeconds();

    @Described("Events that failed for good, until somebody replays them. -1: the database is away")
    long getDeadLetters();

    @Described("The sites that are paused now, with the reason")
    String[] getPausedSites();

    @Described("The newest events that match. What is left empty does not narrow")
    String search(
            @Described(name = "status", value = "queued, processing, done or error") String status,
            @Described(name = "event", value = "such as post.published") String event,
            @Described(name = "site", value = "the site's id") String site,
            @Described(name = "since", value = "received since then: 2026-01-31T09:30:00Z, or so long ago: 30m, 2h, 7d")
                    String since,
            @Described(name = "until", value = "received before then, written as since") String until,
            @Described(name = "search", value = "a part of the key, error or payload; a request or trace id")
                    String search)
            throws Exception;

    @Described("The newest dead events, with why they failed: what is in relay.dead-letters")
    String deadLetters() throws Exception;

    @Described("One event: its payload, its attempts with their durations and errors, what came of it")
    String show(
            @Described(name = "key", value = "its idempotency key") String key,
            @Described(name = "site", value = "its site's id, needed only when several sites have this key")
                    String site)
            throws Exception;

    @Described("Puts a dead event back into the queue. Its key stays: what it has done already is not done again")
    String replay(
            @Described(name = "key", value = "its idempotency key") String key,
            @Described(name = "site", value = "its site's id, needed only when several sites have this key")
                    String site,
            @Described(name = "force", value = "also when it is not dead: done, or stuck") boolean force,
            @Described(name = "dryRun", value = "only says what would be done") boolean dryRun)
            throws Exception;

    @Described(
            "Puts the dead events that match back into the queue, 500 at most; say at least one filter. Try it with dryRun first")
    String replayMatching(
            @Described(name = "event", value = "such as post.published") String event,
            @Described(name = "site", value = "the site's id") String site,
            @Described(name = "since", value = "received since then: 2026-01-31T09:30:00Z, or so long ago: 30m, 2h, 7d")
                    String since,
            @Described(name = "until", value = "received before then, written as since") String until,
            @Described(name = "search", value = "a part of the key, error or payload; a request or trace id")
                    String search,
            @Described(name = "dryRun", value = "only says what would be done") boolean dryRun)
            throws Exception;

    @Described("Pauses the call-backs to a site: its events wait, and use up no retry")
    String pauseSite(
            @Described(name = "site", value = "its id; of a relay without a sites file: default") String site,
            @Described(
                            name = "until",
                            value = "2026-01-31T09:30:00Z, or for how long: 30m, 2h, 1d; empty: until resumed")
                    String until,
            @Described(name = "reason", value = "what whoever looks at a waiting event is told") String reason)
            throws Exception;

    @Described("Lets a site be called again, whoever paused it. Its events come within ten minutes")
    String resumeSite(@Described(name = "site", value = "its id; of a relay without a sites file: default") String site)
            throws Exception;
}

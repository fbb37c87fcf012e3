-- What happened over time: the event log knows neither duplicates nor what was rejected, and forgets what is pruned.
-- Numbers alone, which say nothing of any event. Times are counts of minutes and hours since 1970, UTC.

CREATE TABLE relay_minute (
    epoch_minute BIGINT      NOT NULL,
    name         VARCHAR(32) NOT NULL,  -- accepted, done, …, and the steps of the histograms: done_ms_100, …
    number       BIGINT      NOT NULL,
    PRIMARY KEY (epoch_minute, name)
);

-- By the hour: a thousand sites by the minute would be a million rows a day.
CREATE TABLE relay_site_hour (
    epoch_hour BIGINT      NOT NULL,
    site       VARCHAR(64) NOT NULL,
    name       VARCHAR(32) NOT NULL,
    number     BIGINT      NOT NULL,
    PRIMARY KEY (epoch_hour, site, name)
);

-- How much waited in each minute, as whichever relay was first has seen it.
CREATE TABLE relay_backlog (
    epoch_minute   BIGINT NOT NULL PRIMARY KEY,
    outbox         BIGINT NOT NULL,     -- not yet in the queue
    waiting        BIGINT NOT NULL,     -- neither done nor dead, those in the outbox too
    oldest_seconds BIGINT NOT NULL,     -- how long the oldest of those that wait for no later try has been waiting
    dead           BIGINT NOT NULL
);

-- Who looks for one name of event among a million reads none of the others: the name stands in the index as the site does.
-- In place of the old index and not beside it, since every insert and every change of status pays for each.
-- First the new one, during which events are read on; to drop the old one locks them out for a moment only.
CREATE INDEX relay_event_status_id ON relay_event (status, id, site, event, due_at);
DROP INDEX relay_event_status;

-- Each time that an event was put back, so that what happened to it can be told in order. relay_event.replays counts them,
-- those too that a relay of a version before this one did.

CREATE TABLE relay_replay (
    event_id    UUID         NOT NULL REFERENCES relay_event (id) ON DELETE CASCADE,
    replay      INTEGER      NOT NULL,                  -- the event's first, second, …
    replayed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    replayed_by VARCHAR(128) NOT NULL,                  -- in words: bin/relay of whom, a page, …
    PRIMARY KEY (event_id, replay)
);

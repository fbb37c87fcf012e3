-- What it takes to find an event whose message was lost, to hold a site's events back, and to share chores among relays.

ALTER TABLE relay_event ADD COLUMN due_at TIMESTAMP(6) WITH TIME ZONE;       -- of the next try, while it waits for one
ALTER TABLE relay_event ADD COLUMN unended INTEGER DEFAULT 0 NOT NULL;       -- claims in a row whose worker never came back

-- A site that refuses our credentials is not asked again until then: its events wait instead of becoming dead letters.
CREATE TABLE relay_pause (
    site         VARCHAR(64)  NOT NULL PRIMARY KEY,
    reason       VARCHAR(2000) NOT NULL,
    paused_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    paused_until TIMESTAMP(6) WITH TIME ZONE NOT NULL       -- then one event tries again
);

-- A chore that one relay at a time does: whoever moves held_until on has it until then. 'probe' is nobody's: it is
-- written to see whether the database takes anything.
CREATE TABLE relay_lease (
    name       VARCHAR(64) NOT NULL PRIMARY KEY,
    held_until TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
INSERT INTO relay_lease (name, held_until) VALUES
    ('prune', TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00'),
    ('probe', TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00');

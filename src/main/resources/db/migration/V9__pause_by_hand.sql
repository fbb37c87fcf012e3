-- A site that an operator paused: nobody tries it before ends_at, or at all where that is null, and no answer of its own
-- lifts that. paused_until stays near, for relays of the version before: they put events off until then.
ALTER TABLE relay_pause ADD COLUMN by_hand BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE relay_pause ADD COLUMN ends_at TIMESTAMP(6) WITH TIME ZONE;      -- null for a pause that no time ends
